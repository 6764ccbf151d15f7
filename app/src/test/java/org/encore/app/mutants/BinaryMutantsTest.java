package org.encore.app.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.app.Invocation;
import org.encore.model.weights.SafetensorsFile;
import org.encore.music.audio.SoundFiles;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.Clip;
import org.encore.music.etudes.Etudes;
import org.encore.music.midi.MidiFiles;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.preferences.Preference;
import org.encore.preferences.store.Ballot;
import org.encore.preferences.store.Ballot.Opinion;
import org.encore.preferences.store.ClipFile;
import org.encore.preferences.store.PreferenceStore;
import org.encore.rewards.CheckedReward;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.Sample;
import org.encore.rewards.onnx.Onnx;
import org.encore.rewards.onnx.OnnxInput;
import org.encore.rewards.onnx.OnnxReward;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mutants of binary files: music, sound, weights, ONNX graphs, databases. */
class BinaryMutantsTest {
    @TempDir
    private Path directory;

    @Test
    void midi() throws IOException {
        byte[] original = MidiFiles.toBytes(new Etudes(1).train(0).piece());
        Path file = directory.resolve("a.mid");
        Mutants.tryAll(
                directory,
                "midi",
                1200,
                random -> Files.write(file, new SoundMutator(random).midi(original)),
                () -> MidiFiles.read(file));
    }

    @ParameterizedTest
    @CsvSource({"wav, 1500", "flac, 400", "mp3, 400", "ogg, 400"})
    void sound(String kind, int count) throws IOException {
        Path file = directory.resolve("a." + kind);
        byte[] original;
        if (kind.equals("wav")) {
            float[] samples = new float[2000];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (i % 50) / 50.0f;
            }
            WaveFiles.write(file, new Waveform(samples, 8000));
            original = Files.readAllBytes(file);
        } else {
            original = Files.readAllBytes(
                    Invocation.home().resolve("music/src/test/resources/org/encore/music/audio/tone." + kind));
        }
        Mutants.tryAll(
                directory,
                kind,
                count,
                random -> {
                    SoundMutator mutator = new SoundMutator(random);
                    Files.write(
                            file,
                            switch (kind) {
                                case "wav" -> mutator.wave(original);
                                case "flac" -> mutator.flac(original);
                                case "mp3" -> mutator.mp3(original);
                                default -> mutator.ogg(original);
                            });
                },
                () -> SoundFiles.readChannels(file));
    }

    @Test
    void safetensors() throws IOException {
        byte[] original = weights();
        Path file = directory.resolve("model.safetensors");
        Mutants.tryAll(
                directory,
                "safetensors",
                1500,
                random -> Files.write(file, new BinaryMutator(random).safetensors(original)),
                () -> {
                    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
                        for (String name : opened.names()) {
                            opened.floats(name);
                            if (opened.entry(name).type().startsWith("I")) {
                                opened.integers(name);
                            }
                        }
                    }
                });
    }

    /** A file with a tensor of each type. */
    private static byte[] weights() {
        List<String> types = List.of("F32", "F16", "BF16", "F64", "I32", "I64");
        List<Integer> widths = List.of(4, 2, 2, 8, 4, 8);
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        int end = 0;
        for (int i = 0; i < types.size(); i++) {
            int start = end;
            end += 6 * widths.get(i);
            header.append(String.format(
                    Locale.ROOT,
                    ",\"layer.%d\":{\"dtype\":\"%s\",\"shape\":[2,3],\"data_offsets\":[%d,%d]}",
                    i,
                    types.get(i),
                    start,
                    end));
        }
        byte[] text = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + end)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    /** loud = mean(|audio|): a graph of two nodes, an input and an output. */
    @Test
    void onnx() throws IOException {
        byte[] original = Base64.getMimeDecoder()
                .decode(
                        "CAg6gQEKEwoFYXVkaW8SBWxldmVsIgNBYnMKNwoFbGV2ZWwSBGxvdWQiClJlZHVjZU1lYW4qCwoEYXhlc0ABoAEHKg8KCGtlZXBk"
                                + "aW1zGACgAQISAWdaGQoFYXVkaW8SEAoOCAESCgoDEgFuCgMSAXRiEwoEbG91ZBILCgkIARIFCgMSAW5CBAoAEA0=");
        Path file = directory.resolve("a.onnx");
        Sample sample = Sample.of(new Prompt("a", Attributes.NONE), Clip.of(new Waveform(new float[800], 8000)));
        Onnx settings = new Onnx(
                file,
                List.of(new OnnxInput.Waveform("audio", 8000, false)),
                "loud",
                Optional.empty(),
                Optional.empty(),
                Onnx.Windows.CONSECUTIVE,
                1,
                10.0);
        Mutants.tryAll(
                directory, "onnx", 500, random -> Files.write(file, new BinaryMutator(random).onnx(original)), () -> {
                    try (OnnxReward reward = new OnnxReward("loud", settings)) {
                        scored(reward, sample);
                    }
                });
    }

    /** A graph that opens and cannot be run is a failure of the reward, which `train` tells in one line. */
    private static void scored(OnnxReward reward, Sample sample) {
        try {
            CheckedReward.score(reward, List.of(sample));
        } catch (RewardFailure e) {
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        }
    }

    @Test
    void databases() throws IOException {
        Path original = directory.resolve("original.db");
        try (PreferenceStore store = PreferenceStore.openOrCreate(original, Clock.systemUTC())) {
            store.inOneTransaction(() -> {
                PreferenceStore.Session session = store.session("first");
                for (int i = 0; i < 6; i++) {
                    ClipFile a = new ClipFile(directory.resolve("a" + i + ".wav"), Optional.empty(), "one");
                    ClipFile b = new ClipFile(directory.resolve("b" + i + ".wav"), Optional.of("0".repeat(64)), "two");
                    long pair = store.pair(session, "prompt " + i, a, b).id();
                    Opinion opinion = new Opinion(
                            Preference.A,
                            OptionalDouble.of(1.5),
                            OptionalDouble.empty(),
                            Optional.of(Ballot.Shown.A),
                            OptionalDouble.of(4),
                            OptionalDouble.of(2));
                    store.record(new Ballot(
                            "ballot " + i, pair, store.rater("rater " + i % 2), opinion, Optional.of(Instant.EPOCH)));
                }
            });
        }
        byte[] bytes = Files.readAllBytes(original);
        Path file = directory.resolve("votes.db");
        Mutants.tryAll(
                directory,
                "sqlite",
                100,
                random -> {
                    Files.deleteIfExists(directory.resolve("votes.db-wal"));
                    Files.deleteIfExists(directory.resolve("votes.db-shm"));
                    if (random.nextInt(4) == 0) {
                        Files.write(file, new SoundMutator(random).body(bytes, 16));
                    } else {
                        Files.write(file, bytes);
                        new BinaryMutator(random).database(file);
                    }
                },
                () -> {
                    try (PreferenceStore store = PreferenceStore.open(file, Clock.systemUTC())) {
                        store.votes();
                        for (PreferenceStore.Session session : store.sessions()) {
                            store.pairs(session);
                            store.judgementCounts(session);
                            store.pairsJudgedBy(1, session);
                        }
                        store.ballots();
                        store.rater("new");
                    }
                });
    }
}
