package org.encore.app.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.encore.app.Invocation;
import org.encore.app.commands.TinyWorld;
import org.encore.app.report.RunReport;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.Manifest;
import org.encore.run.RunDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mutants of the files of a run: it is resumed, reported and analysed, or refused. */
class RunMutantsTest {
    @TempDir
    private Path directory;

    private Path config;
    private Path run;
    private Path copy;

    @BeforeEach
    void aRunOfTwoIterations() throws IOException {
        run = directory.resolve("run");
        copy = directory.resolve("copy");
        config = TinyWorld.training(directory, TinyWorld.base(), 2);
        Invocation made = Invocation.here("train", config.toString(), "--run-dir", run.toString());
        assertEquals(0, made.status(), made.err());
    }

    /** Replaces one file of the run by a mutant; a checkpoint has the right checksums. */
    private void mutate(String name, TextMutator mutator) throws IOException {
        AtomicFiles.deleteRecursively(copy);
        try (Stream<Path> paths = Files.walk(run)) {
            for (Path path : paths.toList()) {
                Files.copy(path, copy.resolve(run.relativize(path)));
            }
        }
        Path file = copy.resolve(name);
        String text = Files.readString(file);
        byte[] mutant = name.endsWith(".jsonl")
                ? mutator.jsonLines(text.lines().toList())
                : name.endsWith(".yaml") ? mutator.yaml(text) : mutator.json(text);
        Files.write(file, mutant);
        if (name.endsWith("trainer_state.json")) {
            Manifest.write(file.getParent());
        }
    }

    /** What a user sees of a call. */
    private static void call(String... arguments) {
        Invocation outcome = Invocation.here(arguments);
        if (outcome.status() == 0) {
            return;
        }
        String said = outcome.err()
                .lines()
                .filter(line -> line.startsWith("encore: "))
                .reduce("", String::concat);
        if (outcome.status() != 2 || outcome.err().contains("\tat ")) {
            throw new IllegalStateException(outcome.err().lines().limit(14).reduce("", (a, b) -> a + "\n" + b));
        }
        throw new InvalidFileException(Path.of("encore"), said.substring("encore: ".length()));
    }

    @ParameterizedTest
    @CsvSource({
        "checkpoints/step-2/trainer_state.json, 12",
        "checkpoints/step-2/manifest.json, 5",
        "evaluation-before.json, 10",
        "metrics.jsonl, 5",
        "samples.jsonl, 5"
    })
    void resumed(String name, int count) throws IOException {
        Mutants.tryAll(
                copy,
                "resumed with " + name,
                count,
                random -> mutate(name, new TextMutator(random)),
                () -> call("train", config.toString(), "--resume", copy.toString()));
    }

    @Test
    void analysed() throws IOException {
        Mutants.tryAll(
                copy,
                "forensics",
                50,
                random -> mutate("samples.jsonl", new TextMutator(random)),
                () -> call("forensics", copy.toString()));
    }

    /** The page shows a note where a file is not as it must be. */
    @ParameterizedTest
    @CsvSource({"summary.json, 25", "metrics.jsonl, 25", "provenance.json, 15", "samples/step-2/000.json, 15"})
    void reported(String name, int count) throws IOException {
        Mutants.tryAll(
                copy,
                name,
                count,
                random -> mutate(name, new TextMutator(random)),
                () -> RunReport.write(new RunDirectory(copy)));
    }
}
