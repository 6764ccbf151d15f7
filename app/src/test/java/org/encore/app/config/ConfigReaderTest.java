package org.encore.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigReaderTest {
    /** No defaults at all: every key must be given. */
    record Strict(int steps, List<Integer> sizes, Example.Penalty penalty) {}

    @TempDir
    private Path directory;

    @Test
    void anEmptyFileGivesTheDefaults() throws IOException {
        assertEquals(Example.defaults(), read(""));
        assertEquals(Example.defaults(), read("# only a comment\n"));
    }

    @Test
    void everyTypeIsRead() throws IOException {
        Example read = read(
                """
                seed: -9_000_000_000
                steps: 1e3
                rate: 1e-4
                fast: true
                name: 007
                checkpoint: some where/x
                precision: half-width
                stop: 2
                objective:
                  clipRange: 0.1
                  epochs: 3
                penalty: {kind: k-three, coefficient: .5, horizon: 7}
                parts:
                  - {id: a, weight: 1}
                  - id: b
                    weight: -2.5
                weights: {x: 1, y: .inf}
                """);
        Example expected = new Example(
                -9_000_000_000L,
                1000,
                0.0001,
                true,
                "007",
                Path.of("some where/x"),
                Example.Precision.HALF_WIDTH,
                Optional.of(2.0),
                new Example.Objective(0.1, 3),
                new Example.KThree(0.5, 7),
                List.of(new Example.Part("a", 1), new Example.Part("b", -2.5)),
                Map.of("x", 1.0, "y", Double.POSITIVE_INFINITY));
        assertEquals(expected, read);
    }

    @Test
    void aPathOfAFileIsLookedForFromThatFileFirst() throws IOException {
        Files.createDirectories(directory.resolve("data/model"));
        Path yaml = Files.writeString(directory.resolve("data/x.yaml"), "checkpoint: model");
        ConfigReader reader = new ConfigReader();
        assertEquals(
                directory.resolve("data/model"),
                reader.read(yaml, List.of(), Example.class).checkpoint());
        // From the command line, and from what a run has written, it is what it says.
        assertEquals(
                Path.of("model"),
                reader.read(yaml, List.of("checkpoint=model"), Example.class).checkpoint());
        assertEquals(
                Path.of("model"),
                reader.readResolved(yaml, List.of(), Example.class).checkpoint());
        // What is not there is taken as it is.
        Files.delete(directory.resolve("data/model"));
        assertEquals(
                Path.of("model"), reader.read(yaml, List.of(), Example.class).checkpoint());
    }

    @Test
    void absentKeysTakeTheValueThatTheEnclosingDefaultsHoldThere() throws IOException {
        // Example's defaults say (0.3, 1), Objective's own say (0.2, 2): the enclosing ones win.
        assertEquals(
                new Example.Objective(0.3, 4), read("objective: {epochs: 4}").objective());
        assertEquals(new Example.Objective(0.3, 1), read("objective:\n").objective());
        // Without enclosing defaults the type's own hold; without those the key is required.
        record Outer(Example.Objective objective) {}
        Path file = write("empty.yaml", "");
        assertEquals(
                new Example.Objective(0.2, 2),
                new ConfigReader().read(file, List.of(), Outer.class).objective());
    }

    @Test
    void aVariantKeepsTheDefaultsOfItsOwnKindOnly() throws IOException {
        assertEquals(new Example.KThree(0.1, 3), read("penalty: {horizon: 3}").penalty());
        assertEquals(
                new Example.KThree(0.7, 10),
                read("penalty: {kind: k-three, coefficient: 0.7}").penalty());
        assertEquals(new Example.Exact(0.05), read("penalty: {kind: exact}").penalty());
        assertEquals(new Example.None(), read("penalty: none").penalty());
    }

    @Test
    void nullEmptiesAnOptionalValue() throws IOException {
        assertEquals(Optional.empty(), read("stop: null").stop());
        assertEquals(Optional.of(0.5), read("").stop());
    }

    @Test
    void aFileHoldsTheDifferencesToTheOneItExtends() throws IOException {
        write("base.yaml", "seed: 3\nobjective: {clipRange: 0.4, epochs: 2}\npenalty: {kind: exact, coefficient: 1}\n");
        Example child = read("extends: base.yaml\nobjective:\n  epochs: 3\n");
        assertEquals(3, child.seed());
        assertEquals(new Example.Objective(0.4, 3), child.objective());
        assertEquals(new Example.Exact(1), child.penalty());
        assertEquals(
                new Example.None(),
                read("extends: base.yaml\npenalty: {kind: none}\n").penalty());
        assertEquals(
                new Example.Exact(2),
                read("extends: base.yaml\npenalty: {coefficient: 2}\n").penalty());
        assertEquals(
                new Example.Exact(1),
                read("extends: base.yaml\npenalty: exact\n").penalty());
    }

    @Test
    void argumentsReplaceWhatTheFileSays() throws IOException {
        String yaml = "seed: 3\npenalty: exact\nparts: [{id: a, weight: 1}, {id: b, weight: 2}]\n";
        assertEquals(8, read(yaml, "seed=7", "seed=8").seed());
        assertEquals(0.25, read(yaml, "objective.clipRange=0.25").objective().clipRange());
        assertEquals(new Example.Exact(9), read(yaml, "penalty.coefficient=9").penalty());
        assertEquals(
                new Example.None(),
                read(yaml, "penalty.coefficient=9", "penalty.kind=none").penalty());
        assertEquals(
                List.of(new Example.Part("a", 1), new Example.Part("b", 5)),
                read(yaml, "parts.1.weight=5").parts());
        assertEquals(
                List.of(new Example.Part("c", 3)),
                read(yaml, "parts=[{id: c, weight: 3}]").parts());
        assertEquals("a=b: c", read(yaml, "name='a=b: c'").name());
    }

    @Test
    void anUnknownKeyIsNamedWithItsLineAndTheNearestKnownOne() {
        assertProblem(
                "seed: 1\nobjective:\n  clip_rnge: 0.1\n",
                "c.yaml:3: objective.clip_rnge is not known; did you mean clipRange?;"
                        + " the keys here are clipRange, epochs");
        assertProblem(
                "penalty: {kind: none, coefficient: 1}",
                "c.yaml:1: penalty.coefficient is not known; there are no keys here");
        assertProblem("parts:\n- {id: a, weight: 1}\n- {id: a, wait: 1}", "c.yaml:3: parts.1.wait is not known");
    }

    @Test
    void aMissingKeyIsNamedWithWhatItMustBe() throws IOException {
        Path file = write("c.yaml", "sizes: [1]\npenalty: none\n");
        String message = assertThrows(
                        ConfigException.class, () -> new ConfigReader().read(file, List.of(), Strict.class))
                .getMessage();
        assertEquals(file + ":1: steps is missing; it must be a whole number", message);
        assertProblem("parts:\n  - id: a\n", "c.yaml:2: parts.0.weight is missing; it must be a number");
        // The record below is of another kind and lends nothing.
        assertProblem(
                "steps: 1\nsizes: []\npenalty: {kind: k-three, horizon: 0}",
                "c.yaml:3: penalty.coefficient is missing; it must be a number",
                Strict.class);
    }

    @Test
    void aValueOfTheWrongTypeIsShownWithWhatIsAllowed() {
        assertProblem("steps: 1.5", "c.yaml:1: steps is \"1.5\", but must be a whole number");
        assertProblem("steps: 3000000000", "c.yaml:1: steps is \"3000000000\", but must be a whole number");
        assertProblem("\n\nrate: fast", "c.yaml:3: rate is \"fast\", but must be a number");
        assertProblem("fast: yes", "c.yaml:1: fast is \"yes\", but must be true or false");
        assertProblem("seed:", "c.yaml:1: seed is empty, but must be a whole number");
        assertProblem("seed: [1]", "c.yaml:1: seed is a list, but must be a whole number");
        assertProblem("parts: 3", "c.yaml:1: parts is \"3\", but must be a list, each item a mapping with the keys");
        assertProblem("precision: dobule", "but must be one of single, half-width");
        assertProblem(
                "penalty: exakt", "penalty.kind is \"exakt\", but must be one of exact, k-three, none; did you mean");
        assertProblem(
                "steps: 1\nsizes: []\npenalty: {}\n",
                "penalty.kind is missing; it must be one of exact, k-three, none",
                Strict.class);
    }

    @Test
    void theRulesOfARecordAreReportedWhereItsValueWasWritten() {
        assertProblem(
                "seed: 1\nobjective:\n  epochs: 1\n  clipRange: 2.0\n",
                "c.yaml:4: objective.clipRange is 2.0, but must lie in (0, 1)");
        assertProblem(
                "objective: {epochs: 9, clipRange: 0.9}",
                "c.yaml:1: objective: so wide a clip range allows 4 epochs at most");
        assertProblem("", "--set objective.clipRange=7: objective.clipRange is 7.0", "objective.clipRange=7");
    }

    @Test
    void badYamlIsReportedInOneLine() {
        assertProblem("seed: 1\nseed: 2\n", "c.yaml:2: seed is given twice; the first time in line 1");
        assertProblem("a: {b: 1", "c.yaml:1: not valid YAML: ");
        assertProblem("seed: 1\n\tname: x\n", "c.yaml:2: not valid YAML: ");
        assertProblem("- 1\n", "c.yaml:1: a configuration is a mapping of keys to values");
        assertProblem("seed: 1\n---\nseed: 2\n", "a second document begins here");
        assertProblem("objective: &a {epochs: 1}\n", "c.yaml:1: anchors (&) and aliases (*) are not supported");
        assertProblem("seed: 1\n*a : 2\n", "c.yaml:2: not valid YAML: a key must be a plain text");
        assertProblem("extends: \"\\0\"\n", "c.yaml:1: extends must be a path, but Nul character not allowed");
        assertProblem("parts: " + "[".repeat(2000) + "]".repeat(2000), "c.yaml:1: ");
        assertProblem("name: " + "x".repeat(1_000_001), "but at most 1000000");
    }

    @Test
    void badArgumentsAreReportedAsTheyWereGiven() {
        assertProblem("", "--set seed: must have the form key=value", "seed");
        assertProblem("", "--set sed=1: sed is not known; did you mean seed?", "sed=1");
        assertProblem("", "--set a..b=1: has an empty part in its key", "a..b=1");
        assertProblem("", "--set seed=[: not valid YAML", "seed=[");
        assertProblem(
                "parts: [{id: a, weight: 1}]",
                "--set parts.1.weight=1: parts is a list and has no item 1; its items are 0 to 0",
                "parts.1.weight=1");
    }

    @Test
    void badFilesAreNamed() throws IOException {
        Path absent = directory.resolve("absent.yaml");
        assertEquals(
                absent + ": does not exist",
                assertThrows(InvalidFileException.class, () -> example(absent)).getMessage());
        Path latin1 = directory.resolve("latin1.yaml");
        Files.write(latin1, new byte[] {'n', ':', ' ', (byte) 0xe9, '\n'});
        assertEquals(
                latin1 + ": is not text in UTF-8",
                assertThrows(InvalidFileException.class, () -> example(latin1)).getMessage());
        assertProblem("seed: 1\nextends: nothing.yaml\n", "c.yaml:2: extends: ");
        write("b.yaml", "extends: a.yaml\n");
        assertProblem("extends: b.yaml\n", "b.yaml:1: a file that another one extends");
    }

    @Test
    void theResolvedFormReadsBackAsAnEqualRecord() throws IOException {
        Example hostile = new Example(
                Long.MIN_VALUE,
                -1,
                0.1 + 0.2,
                true,
                " null: [x, 'y'] # \n\"z\" ~ é ",
                Path.of("1e3"),
                Example.Precision.HALF_WIDTH,
                Optional.empty(),
                new Example.Objective(Double.MIN_NORMAL, 4),
                new Example.None(),
                List.of(new Example.Part("null", Double.NEGATIVE_INFINITY), new Example.Part("", -0.0)),
                Map.of("true", 1e300, "1", 2.0));
        assertEquals(hostile, read(ResolvedConfig.yaml(hostile)));
        assertEquals(Example.defaults(), read(ResolvedConfig.yaml(Example.defaults())));
    }

    @Test
    void theFingerprintDependsOnTheValuesAlone() throws IOException {
        String defaults = ResolvedConfig.fingerprint(Example.defaults());
        assertEquals(defaults, ResolvedConfig.fingerprint(read("weights: {a: 1.0}\nsteps: 100\n")));
        assertEquals(64, defaults.length());
        assertEquals(false, defaults.equals(ResolvedConfig.fingerprint(read("seed: 2"))));
        assertEquals("{\"coefficient\":0.05}", ResolvedConfig.canonicalJson(new Example.Exact(0.05)));
    }

    private void assertProblem(String yaml, String part, String... overrides) {
        ConfigException thrown = assertThrows(ConfigException.class, () -> read(yaml, overrides));
        assertContains(thrown.getMessage(), part);
    }

    private void assertProblem(String yaml, String part, Class<? extends Record> type) {
        ConfigException thrown = assertThrows(
                ConfigException.class, () -> new ConfigReader().read(write("c.yaml", yaml), List.of(), type));
        assertContains(thrown.getMessage(), part);
    }

    private static void assertContains(String message, String part) {
        assertEquals(true, message.contains(part), () -> "\"" + message + "\" does not contain \"" + part + "\"");
        assertEquals(1, message.lines().count(), message);
    }

    private Example read(String yaml, String... overrides) throws IOException {
        return new ConfigReader().read(write("c.yaml", yaml), List.of(overrides), Example.class);
    }

    private static Example example(Path file) {
        return new ConfigReader().read(file, List.of(), Example.class);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
