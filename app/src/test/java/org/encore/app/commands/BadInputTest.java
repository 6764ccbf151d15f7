package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.encore.app.Invocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a file or a setting is said in one line, with status 2, and no trace. */
class BadInputTest {
    @TempDir
    private Path directory;

    private Path run() {
        return directory.resolve("run");
    }

    /** The one line that explains a failure; other lines may only be what the command said before it. */
    private static String refusal(int status, String... arguments) {
        Invocation outcome = Invocation.here(arguments);
        assertEquals(status, outcome.status(), outcome.err());
        assertEquals("", outcome.out());
        assertFalse(outcome.err().contains("\tat "), outcome.err());
        List<String> lines = outcome.err().lines().toList();
        assertEquals(
                1, lines.stream().filter(line -> line.startsWith("encore: ")).count(), outcome.err());
        String last = lines.get(lines.size() - 1);
        assertTrue(last.startsWith("encore: "), outcome.err());
        return last.substring("encore: ".length());
    }

    private String trainRefused(Path config, String... more) {
        String[] arguments = {"train", config.toString(), "--run-dir", run().toString()};
        String line = refusal(2, concat(arguments, more));
        assertFalse(Files.exists(run()), "nothing is left of the run");
        return line;
    }

    private Path training(Path base) throws IOException {
        return TinyWorld.training(directory, base, 2);
    }

    @Test
    void misspeltKeysAndValuesOutOfRange() throws IOException {
        Path config = training(TinyWorld.base());
        String text = Files.readString(config);
        Files.writeString(config, text.replace("iterations: 2", "iterationz: 2"));
        String misspelt = trainRefused(config);
        assertTrue(misspelt.startsWith(config + ":4: iterationz is not known; did you mean iterations?"), misspelt);
        Files.writeString(config, text.replace("temperature: 1.0", "temperature: 9.0"));
        assertEquals(config + ":5: rollout.temperature is 9.0, but must lie in [0.05, 5]", trainRefused(config));
        Files.writeString(config, text);
        String override = trainRefused(config, "--set", "rollout.samplesPerPrompt=two");
        assertTrue(override.contains("rollout.samplesPerPrompt"), override);
        String ceiling = trainRefused(config, "--set", "kl.controller.ceiling=0.01");
        assertTrue(ceiling.contains("ceiling is 0.01, but must be at least the initial coefficient, 0.05"), ceiling);
        String groups = trainRefused(config, "--set", "advantages.estimator={kind: leave-one-out}");
        assertTrue(groups.contains("samplesPerPrompt is 1, but the advantage estimator compares samples"), groups);
        assertFalse(Files.exists(run()), "nothing has begun");
    }

    @Test
    void missingFiles() throws IOException {
        Path nowhere = directory.resolve("nowhere");
        assertEquals(nowhere + ": does not exist", trainRefused(nowhere));
        assertEquals(nowhere + ": there is no such checkpoint directory", trainRefused(training(nowhere)));
        assertFalse(Files.exists(run()), "nothing has begun");
        assertEquals(nowhere + ": there is no such checkpoint directory", generateRefused(nowhere));
        Path pretraining = TinyWorld.pretraining(directory, nowhere, 1);
        assertEquals(
                nowhere + ": is not a folder, but must be one with MIDI files in it",
                refusal(2, "pretrain", pretraining.toString(), "--run-dir", run().toString()));
    }

    @Test
    void choralesThatAreCutOffOrOutOfRange() throws IOException {
        Path file = directory.resolve("chorales.json");
        String text =
                "{\"train\": [[[60, 55, 50, 40]]], \"valid\": [[[60, 55, 50, 40]]], \"test\": [[[60, 55, 50, 99]]]}";
        Path config = Files.writeString(
                directory.resolve("chorales.yaml"),
                "corpus: {kind: chorales, file: " + file + ", seed: 1, farthestShift: 12}\nmodel: {text: }\n");
        String[] command = {"pretrain", config.toString(), "--run-dir", run().toString()};
        assertTrue(refusal(2, command).startsWith(file + ": there is no such file"));
        Files.writeString(file, text);
        assertEquals(
                file + ": test[0][0][3] is 99, but must be a MIDI pitch in [36, 81], or -1 for a rest",
                refusal(2, command));
        Files.writeString(file, text.substring(0, 40));
        assertTrue(refusal(2, command).startsWith(file + ": is not valid JSON: "));
    }

    @Test
    void runsThatDoNotFitIntoMemory() throws IOException {
        Path pretraining = TinyWorld.pretraining(directory, TinyWorld.base(), 1);
        String large = "compute.microBatch=40000000";
        String refused = refusal(2, "pretrain", pretraining.toString(), "--run-dir", run().toString(), "--set", large);
        assertTrue(refused.startsWith("the run does not fit into memory: it needs "), refused);
        assertTrue(refused.contains("; compute.microBatch: "), refused);
        assertEquals(
                refused, refusal(2, "config", "check", pretraining.toString(), "--for", "pretrain", "--set", large));
        assertFalse(Files.exists(run()), "nothing is left of the run");
        String training = trainRefused(training(TinyWorld.base()), "--set", large);
        assertTrue(training.contains("; compute.microBatch: "), training);
    }

    @Test
    void modelsOfAnotherCodec() throws IOException {
        String notes = "notes (1 codebook of 441 codes)";
        String voices = "voices (4 codebooks of 48 codes)";
        Path base = copyOfBase();
        Path file = base.resolve("config.json");
        String text = Files.readString(file);
        String named = "  \"encore_codec\" : \"notes\",\n";
        assertTrue(text.contains(named), text);
        String chorales = "corpus={kind: chorales, file: chorales.json, seed: 1, farthestShift: 0}";
        String other = base + ": the model has the codec " + notes + ", but the corpus has " + voices;
        assertEquals(other, trainRefused(training(base), "--set", chorales));
        Path pretraining = TinyWorld.pretraining(directory, TinyWorld.midi(), 1);
        String[] command = {"pretrain", pretraining.toString(), "--run-dir", run().toString()};
        String[] more = {"--set", "checkpoint=" + base, "--set", chorales};
        assertEquals(other, refusal(2, concat(command, more)));
        assertFalse(Files.exists(run()), "nothing has begun");

        Files.writeString(
                file,
                text.replace(named, "")
                        .replace("\"vocab_size\" : 441", "\"vocab_size\" : 48")
                        .replace("\"num_codebooks\" : 1", "\"num_codebooks\" : 4"));
        String first = TinyWorld.base().toString();
        assertEquals(
                base + ": the model has the codec " + voices + ", but " + first + " has " + notes,
                refusal(2, "profile", first, base.toString()));
        assertEquals(
                base + ": the model has the codec " + voices + ", but the corpus has " + notes,
                refusal(2, "profile", base.toString()));

        Files.writeString(file, text.replace(named, named.replace("notes", "dac")));
        String unknown = base + ": the model generates 1 codebook of 441 codes of the codec dac, but only " + notes
                + ", " + voices + ", encodec (described by an audio_encoder) can be decoded here";
        assertEquals(unknown, generateRefused(base));
        assertEquals(unknown, trainRefused(training(base)));
        assertEquals(unknown, refusal(2, "profile", base.toString()));
    }

    private static String[] concat(String[] first, String[] second) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(second)).toArray(String[]::new);
    }

    private String generateRefused(Path checkpoint) {
        Path out = directory.resolve("out");
        String line =
                refusal(2, "generate", "--checkpoint", checkpoint.toString(), "--prompt", "a", "--out", out.toString());
        assertFalse(Files.exists(out), "nothing was written");
        return line;
    }

    @Test
    void weightsWhoseHeaderLies() throws IOException {
        Path base = copyOfBase();
        Path weights = base.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);

        byte[] longer = bytes.clone();
        ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 1L << 40);
        Files.write(weights, longer);
        assertRefused(base, weights);

        int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        String json = new String(bytes, 8, header, StandardCharsets.UTF_8);
        String lying = json.replaceFirst("\"data_offsets\":\\[0,\\d+\\]", "\"data_offsets\":[0,99999999999]");
        assertFalse(lying.equals(json), json.substring(0, 200));
        byte[] text = lying.getBytes(StandardCharsets.UTF_8);
        ByteBuffer rewritten = ByteBuffer.allocate(8 + text.length + bytes.length - 8 - header)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(bytes, 8 + header, bytes.length - 8 - header);
        Files.write(weights, rewritten.array());
        assertRefused(base, weights);

        Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
        assertRefused(base, weights);
        Files.write(weights, new byte[] {1, 2, 3});
        assertRefused(base, weights);
    }

    private void assertRefused(Path base, Path file) throws IOException {
        String generate = generateRefused(base);
        assertTrue(generate.startsWith(file + ": "), generate);
        Path config = training(base);
        String train = refusal(2, "train", config.toString(), "--run-dir", run().toString());
        assertEquals(generate, train);
        assertFalse(Files.exists(run()), "nothing is left of the run");
    }

    private Path copyOfBase() throws IOException {
        Path copy = Files.createDirectories(directory.resolve("base"));
        try (Stream<Path> files = Files.list(TinyWorld.base())) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    @Test
    void midiFilesThatAreCutOffAreSkippedAndAFolderWithoutAnyOtherRefused() throws IOException {
        Path midi = Files.createDirectories(directory.resolve("midi"));
        byte[] whole = Files.readAllBytes(TinyWorld.midi().resolve("piece-0.mid"));
        Files.write(midi.resolve("cut.mid"), Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(midi.resolve("text.midi"), "This is no music.");
        Path config = TinyWorld.pretraining(directory, midi, 1);
        assertEquals(
                midi + ": holds 0 usable MIDI files (.mid, .midi, .rmi), but needs at least 2 (skipped: 2); add files",
                refusal(2, "pretrain", config.toString(), "--run-dir", run().toString()));

        Files.write(midi.resolve("a.mid"), whole);
        Files.copy(TinyWorld.midi().resolve("piece-1.mid"), midi.resolve("b.mid"));
        Path second = directory.resolve("second");
        Invocation outcome = Invocation.here("pretrain", config.toString(), "--run-dir", second.toString());
        assertEquals(0, outcome.status(), outcome.err());
        List<String> skipped = Files.readAllLines(second.resolve("run.log")).stream()
                .filter(line -> line.contains("skipped "))
                .toList();
        assertEquals(2, skipped.size(), skipped::toString);
        assertTrue(skipped.get(0).contains("WARN") && skipped.get(0).contains(midi + "/cut.mid: "), skipped::toString);
        assertTrue(skipped.get(1).contains(midi + "/text.midi: "), skipped::toString);
    }

    @Test
    void runsThatCannotGoOn() throws IOException {
        Path config = training(TinyWorld.base());
        String there = run().toString();
        assertEquals(
                run() + ": is not a directory, so it is not the directory of a run",
                refusal(2, "train", config.toString(), "--resume", there));
        assertEquals(
                0,
                Invocation.here("train", config.toString(), "--run-dir", there).status());
        assertEquals(
                run() + " exists already, and a new run overwrites nothing: name another directory, or resume that run"
                        + " with --resume " + run(),
                refusal(2, "train", config.toString(), "--run-dir", there));
        assertEquals(
                run().resolve("config.yaml")
                        + ": the run has another configuration than the one given: seed was 3 and is"
                        + " 4; a resumed run may only become longer (iterations, training.steps); for anything else start a"
                        + " new run",
                refusal(2, "train", config.toString(), "--resume", there, "--set", "seed=4"));
        assertEquals(
                "--run-dir and --resume exclude each other: a resumed run writes to its own directory",
                refusal(2, "train", config.toString(), "--resume", there, "--run-dir", there));
        Path weights = run().resolve("checkpoints/step-2/model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        assertEquals(
                weights.getParent() + ": is corrupt: model.safetensors has another SHA-256 than when it was written",
                refusal(2, "train", config.toString(), "--resume", there));
    }

    @Test
    void argumentsOfGenerate() {
        String base = TinyWorld.base().toString();
        String out = directory.resolve("out").toString();
        assertEquals(
                "--count is 0 for 1 prompts, but must be at least 1, and all pieces together at most 10000",
                refusal(2, "generate", "--checkpoint", base, "--prompt", "a", "--out", out, "--count", "0"));
        assertEquals(
                "temperature is -1.0, but must lie in [0, 10]",
                refusal(2, "generate", "--checkpoint", base, "--prompt", "a", "--out", out, "--temperature", "-1"));
        assertEquals(
                "--seconds is 0.0, but must be above 0 and at most 3600",
                refusal(2, "generate", "--checkpoint", base, "--prompt", "a", "--out", out, "--seconds", "0"));
    }

    /** A failed check of the run itself, not of what it was given: status 1. */
    @Test
    void aRunThatDiverges() throws IOException {
        Path config = training(TinyWorld.base());
        String line = refusal(
                1, "train", config.toString(), "--run-dir", run().toString(), "--set", "evaluation.maxKl=0.000001");
        assertTrue(line.startsWith("step 2: the KL from the reference is "), line);
        assertTrue(line.endsWith("; there is no checkpoint yet"), line);
        String log = Files.readString(run().resolve("run.log"));
        assertTrue(log.contains("DivergedException: step 2: "), "the trace is in the log: " + log);
        assertTrue(log.contains("\tat org.encore.trainer."), log);
    }
}
