package org.encore.evaluation.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.evaluation.Toy;
import org.encore.evaluation.likelihood.Likelihood;
import org.encore.evaluation.policy.HeldOutEvaluation.LocalPolicy;
import org.encore.evaluation.policy.HeldOutEvaluation.PolicyEvaluation;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Replicas;
import org.encore.music.Piece;
import org.encore.music.analysis.MusicalMeasures;
import org.encore.music.corpus.Corpus;
import org.encore.music.corpus.Split;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Mode;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.SampleReward;
import org.encore.rewards.Score;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.Mixture.Member;
import org.encore.rewards.mixture.Mixture.OnFailure;
import org.encore.run.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutEvaluationTest {
    private static final List<Prompt> PROMPTS = List.of(
            new Prompt("slow waltz in minor", Attributes.NONE.with(Mode.MINOR)),
            new Prompt("fast", Attributes.NONE),
            new Prompt("piano in major", Attributes.NONE.with(Mode.MAJOR)),
            new Prompt("slow piano", Attributes.NONE),
            new Prompt("waltz", Attributes.NONE));

    @TempDir
    private Path directory;

    /** Counts notes; has nothing to say where {@code abstains}. */
    private record Notes(String id, boolean abstains) implements SampleReward {
        @Override
        public Score score(Sample sample) {
            return abstains
                    ? Score.abstention("silent")
                    : Score.of(sample.clip().piece().orElseThrow().notes().size(), "notes");
        }
    }

    /** A corpus of prompts alone, in which those that ask for a mode are unseen. */
    private record Prompts(List<Prompt> all) implements Corpus {
        @Override
        public boolean hasPieces() {
            return false;
        }

        @Override
        public CaptionedPiece train(long index) {
            throw new IllegalStateException("prompts alone");
        }

        @Override
        public List<CaptionedPiece> heldOut(int count) {
            return List.of();
        }

        @Override
        public Prompt trainPrompt(long index) {
            return all.get(0);
        }

        @Override
        public List<Prompt> heldOutPrompts(int count) {
            return all.subList(0, Math.min(count, all.size()));
        }

        @Override
        public Corpus on(Split split) {
            return split == Split.TEST ? new Prompts(List.of()) : this;
        }

        @Override
        public boolean isUnseen(Prompt prompt) {
            return prompt.attributes().mode().stream().anyMatch(Mode.MINOR::equals);
        }

        @Override
        public String fingerprint() {
            return "prompts";
        }
    }

    private HeldOutEvaluation.Outcome measure(int shards, long modelSeed, long runSeed, int prompts)
            throws IOException {
        try (Toy toy = new Toy(directory, 1, shards)) {
            return measure(toy, toy.model(modelSeed), runSeed, prompts);
        }
    }

    private static HeldOutEvaluation.Outcome measure(Toy toy, Replicas model, long runSeed, int prompts) {
        List<CodeBatcher.MicroBatch> pieces = toy.microBatches(toy.sequences(7, 3, 11), 2);
        Mixture rewards = Mixture.of(
                List.of(
                        Member.of(new Notes("notes", false), 1.0),
                        Member.of(new Notes("silent", true), 1.0),
                        Member.of(new Notes("consonance", false), 1.0)),
                OnFailure.STOP);
        HeldOutEvaluation evaluation = new HeldOutEvaluation(new Prompts(PROMPTS), prompts, pieces, Toy.codec());
        assertEquals(prompts, evaluation.prompts());
        Generator.Settings sizes = new Generator.Settings(
                2,
                Toy.MAX_STEPS,
                toy.tokenizer().capacity(),
                SamplingSettings.defaults(),
                Toy.codec().endCode());
        try (ParallelGenerator generator = new ParallelGenerator(model, toy.tokenizer(), sizes)) {
            return evaluation.measure(
                    new LocalPolicy(
                            generator, model, toy.workspaces(), rewards, Toy.codec(), new RandomStreams(runSeed)),
                    Progress.none());
        }
    }

    private static int[][] codes(HeldOutEvaluation.Outcome outcome) {
        return outcome.sequences().stream().map(sequence -> sequence.codes()[0]).toArray(int[][]::new);
    }

    @Test
    void theNumberOfShardsChangesNothing() throws IOException {
        HeldOutEvaluation.Outcome one = measure(1, 1, 9, 5);
        HeldOutEvaluation.Outcome two = measure(2, 1, 9, 5);
        assertArrayEquals(codes(one), codes(two));
        assertEquals(one.metrics().keySet(), two.metrics().keySet());
        one.metrics().forEach((name, value) -> assertEquals(value, two.metrics().get(name), 1e-12, name));
    }

    @Test
    void measuringTwiceGivesTheSame() throws IOException {
        try (Toy toy = new Toy(directory, 1, 2)) {
            Replicas model = toy.model(1);
            HeldOutEvaluation.Outcome first = measure(toy, model, 9, 5);
            HeldOutEvaluation.Outcome again = measure(toy, model, 9, 5);
            assertArrayEquals(codes(first), codes(again));
            assertEquals(first.metrics(), again.metrics());
        }
    }

    /** The completion of a prompt depends on seed and weights, not on the other prompts. */
    @Test
    void completionsDoNotDependOnOtherPrompts() throws IOException {
        int[][] five = codes(measure(1, 1, 9, 5));
        int[][] three = codes(measure(1, 1, 9, 3));
        assertArrayEquals(new int[][] {five[0], five[1], five[2]}, three);
        assertFalse(Arrays.deepEquals(five, codes(measure(1, 1, 10, 5))), "another seed");
        assertFalse(Arrays.deepEquals(five, codes(measure(1, 2, 9, 5))), "other weights");
    }

    @Test
    void figuresAreMeansOverTheSamples() throws IOException {
        try (Toy toy = new Toy(directory, 1, 1)) {
            Replicas model = toy.model(1);
            HeldOutEvaluation.Outcome outcome = measure(toy, model, 9, 5);
            List<Piece> pieces = outcome.samples().stream()
                    .map(sample -> sample.clip().piece().orElseThrow())
                    .toList();
            double notes = pieces.stream()
                    .mapToInt(piece -> piece.notes().size())
                    .average()
                    .orElseThrow();
            assertTrue(notes > 0.5, "there must be something to measure");
            Map<String, Double> metrics = outcome.metrics();
            assertEquals(
                    new TreeSet<>(List.of(
                            "notes",
                            "rewards/consonance",
                            "adherence",
                            "adherence_unseen",
                            "adherence/mode",
                            "clipped_ratio",
                            "consonance",
                            "in_key",
                            "empty_beats",
                            "metre_clarity",
                            "repetition",
                            "diversity",
                            "notes_per_second",
                            "seconds",
                            "held_out_loss")),
                    new TreeSet<>(metrics.keySet()));
            assertEquals(notes, metrics.get("notes"), 1e-12);
            // A reward with the name of a metric of the referee gets another name.
            assertEquals(notes, metrics.get("rewards/consonance"), 1e-12);
            assertEquals(
                    pieces.stream()
                            .mapToDouble(piece -> MusicalMeasures.of(piece).consonance())
                            .average()
                            .orElseThrow(),
                    metrics.get("consonance"),
                    1e-12);
            assertEquals(3, outcome.rewardScores().members().size());
            int end = Toy.codec().endCode().orElseThrow();
            assertEquals(
                    Arrays.stream(codes(outcome))
                            .mapToDouble(each -> each[each.length - 1] == end ? 0.0 : 1.0)
                            .average()
                            .orElseThrow(),
                    metrics.get("clipped_ratio"),
                    1e-12);
            // A code is a quarter note at 120 a minute: half a second.
            assertEquals(notes / 2, metrics.get("seconds"), 1e-12);
            // The two prompts that ask for something ask for a mode and for nothing else.
            assertEquals(metrics.get("adherence/mode"), metrics.get("adherence"), 1e-12);
            assertNotEquals(0.0, metrics.get("adherence"));
            // The first prompt alone is unseen.
            assertEquals(outcome.measured().bySample().get("adherence")[0], metrics.get("adherence_unseen"), 1e-12);
            assertEquals(
                    Likelihood.lossPerCode(model, toy.workspaces(), toy.microBatches(toy.sequences(7, 3, 11), 2)),
                    metrics.get("held_out_loss"),
                    0.0);
        }
    }

    private static HeldOutEvaluation of(Corpus corpus, int prompts) {
        return new HeldOutEvaluation(corpus, prompts, List.of(), Toy.codec());
    }

    /** A prompt of the evaluation that the training has too is counted, however it is written. */
    @Test
    void aLeakedPromptIsSeen() {
        HeldOutEvaluation evaluation = of(new Prompts(PROMPTS), 5);
        assertEquals(1, evaluation.unseen());
        assertEquals(0, evaluation.leaked(List.of("a slow march", "fast and loud")));
        assertEquals(2, evaluation.leaked(List.of("a slow march", " Slow  WALTZ in minor", "fast", "fast")));
        Corpus alike = new Prompts(List.of(PROMPTS.get(0), PROMPTS.get(0)));
        assertEquals(0, of(alike, 2).leaked(List.of("slow waltz in minor")), "a corpus without captions");
    }

    @Test
    void anEmptySplitIsRefused() {
        Corpus none = new Prompts(PROMPTS).on(Split.TEST);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> of(none, 5))
                .getMessage()
                .contains("evaluation.split"));
    }

    /** What was measured before a run began is taken up by the same prompts alone. */
    @Test
    void aMeasurementOfOtherPromptsIsRefused() throws IOException {
        Path file = directory.resolve("evaluation.json");
        PolicyEvaluation measured =
                new PolicyEvaluation(Map.of("notes", new double[] {1.0, Double.NaN}), Map.of("held_out_loss", 0.5));
        of(new Prompts(PROMPTS), 2).remember(measured, file);
        PolicyEvaluation read = of(new Prompts(PROMPTS), 2).remembered(file, false);
        assertArrayEquals(measured.bySample().get("notes"), read.bySample().get("notes"));
        assertEquals(measured.ofAll(), read.ofAll());
        HeldOutEvaluation other = of(new Prompts(PROMPTS.subList(1, 3)), 2);
        assertThrows(InvalidFileException.class, () -> other.remembered(file, true));
        // Files of earlier versions have no digest.
        Files.writeString(file, "{\"bySample\": {\"notes\": [1.0, 2.0]}, \"ofAll\": {}}");
        assertEquals(1, other.remembered(file, true).bySample().size());
        assertThrows(InvalidFileException.class, () -> other.remembered(file, false));
    }

    @Test
    void whereNothingIsAskedThereIsNoAdherence() throws IOException {
        try (Toy toy = new Toy(directory, 1, 1)) {
            Replicas model = toy.model(1);
            HeldOutEvaluation evaluation = new HeldOutEvaluation(
                    new Prompts(PROMPTS.subList(1, 2)), 1, toy.microBatches(toy.sequences(4), 1), Toy.codec());
            Mixture rewards = Mixture.of(List.of(Member.of(new Notes("notes", false), 1.0)), OnFailure.STOP);
            Generator.Settings sizes = new Generator.Settings(
                    1,
                    8,
                    toy.tokenizer().capacity(),
                    SamplingSettings.defaults(),
                    Toy.codec().endCode());
            try (ParallelGenerator generator = new ParallelGenerator(model, toy.tokenizer(), sizes)) {
                Map<String, Double> metrics = evaluation
                        .measure(
                                new LocalPolicy(
                                        generator, model, toy.workspaces(), rewards, Toy.codec(), new RandomStreams(1)),
                                Progress.none())
                        .metrics();
                assertFalse(metrics.containsKey("adherence"), metrics::toString);
            }
        }
    }
}
