package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.trainer.finetuning.PolicyImprover.PolicyReport;
import org.encore.trainer.objective.PolicyObjective.ClippedSurrogate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Log-probabilities of samples in training equal those in generation. */
class SamplerParityTest {
    /** The sampler reads logits in 32 bits. */
    private static final double TOLERANCE = 1e-5;

    private static final int END = 3;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"1, 1.0, 1.0", "1, 0.8, 1.0", "2, 1.0, 1.0", "2, 0.8, 1.0", "1, 0.8, 3.0", "2, 1.0, 3.0"})
    void ratiosAreOneBeforeTheFirstUpdate(int codebooks, double temperature, double guidance) throws IOException {
        PolicyReport report = report(codebooks, guidance, temperature, temperature);
        assertEquals(0.0, report.logProbGap(), TOLERANCE);
        assertEquals(1.0, report.metrics().ratio(), TOLERANCE);
        assertEquals(0.0, report.metrics().approxKl(), TOLERANCE * TOLERANCE);
        assertEquals(0.0, report.metrics().clipFraction(), 0.0);
        assertEquals(0.0, report.klPerCode(), 0.0);
        assertEquals(0.0, report.k1(), 0.0);
        assertEquals(0.0, report.k2(), 0.0);
        assertEquals(0.0, report.k3(), 0.0);
        assertTrue(report.entropy() / report.codes() > 0.5, "the policy must not be sure of everything");
    }

    @Test
    void anotherTemperatureWouldShow() throws IOException {
        assertTrue(report(1, 1.0, 0.8, 1.0).logProbGap() > 0.05);
        assertTrue(report(2, 1.0, 1.0, 0.8).logProbGap() > 0.05);
    }

    private PolicyReport report(int codebooks, double guidance, double sampled, double learned) throws IOException {
        try (Bench bench = new Bench(directory, codebooks, 2)) {
            Rollouts rollouts = generate(bench, codebooks, sampled, guidance);
            FineTuneSettings settings = new Plan()
                    .policy(new ClippedSurrogate(0.2), 1e-3)
                    .rollout(1, 1, learned)
                    .guidance(guidance)
                    .settings();
            List<CodeBatcher.MicroBatch> microBatches = bench.microBatches(rollouts.sequences(), 2);
            Reference itself = new Reference(
                    bench.policy().replicas(),
                    bench.workspaces(),
                    bench.workspaces().capacity(),
                    learned,
                    guidance);
            PolicyImprover improver = new PolicyImprover(bench.policy(), itself, settings);
            double[][] advantages = rollouts.steps().table((b, t) -> 1.0);
            return PolicyReport.sum(improver.accumulate(
                    microBatches,
                    new PolicyImprover.Evidence(rollouts.logProbs(), advantages, 0.1),
                    rollouts.steps().total()));
        }
    }

    /** Five prompts, so that the last chunk of two is not full; with one codebook, samples of different lengths. */
    private static Rollouts generate(Bench bench, int codebooks, double temperature, double guidance) {
        OptionalInt end = codebooks == 1 ? OptionalInt.of(END) : OptionalInt.empty();
        Generator.Settings sizes = new Generator.Settings(
                2, 20, bench.tokenizer().capacity(), new SamplingSettings(temperature, 0, 1.0, guidance), end);
        List<Prompt> prompts = List.of("a waltz", "fast", "slow piano for a waltz", "a", "a fast piano").stream()
                .map(text -> new Prompt(text, Attributes.NONE))
                .toList();
        try (ParallelGenerator generator = new ParallelGenerator(bench.policy().replicas(), bench.tokenizer(), sizes)) {
            List<Completion> completions =
                    generator.generate(prompts.stream().map(Prompt::text).toList(), i -> new RandomStreams(11)
                            .stream(Purpose.SAMPLING, i));
            long lengths =
                    completions.stream().mapToInt(Completion::steps).distinct().count();
            assertEquals(codebooks == 1, lengths > 1, "samples must end at different steps where they can");
            return new Rollouts(prompts, completions, new int[] {0, 1, 2, 3, 4});
        }
    }
}
