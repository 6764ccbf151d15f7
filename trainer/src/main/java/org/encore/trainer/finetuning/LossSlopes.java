package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.kernels.Kernels;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.transformer.Parameters;
import org.encore.music.corpus.Corpus;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.finetuning.PolicyImprover.Evidence;
import org.encore.trainer.finetuning.Preflight.Finding;
import org.encore.trainer.finetuning.Preflight.Verdict;

/** The gradient of the policy's whole loss against its finite differences, in 64 bits, on a few steps. */
final class LossSlopes {
    private static final String CHECK = "gradient = finite differences";

    /** Relative; truncation and rounding are far below. */
    private static final double MOST_ERROR = 1e-4;

    private static final double STEP = 1e-4;

    /** By how much of its size each weight moves first, so that policy and reference differ and KL has a gradient. */
    private static final double MOVED = 0.02;

    private static final int DIRECTIONS = 4;
    /** Parameters of a model that is opened in 64 bits. */
    static final long MOST_IN_64_BITS = 40_000_000L;

    private static final double LEAST_COEFFICIENT = 0.1;

    private final FineTuneSettings settings;
    private final PreflightSubject subject;
    private final Corpus prompts;

    /** Prepares the check of a subject in 64 bits. */
    LossSlopes(FineTuneSettings settings, PreflightSubject subject, Corpus prompts) {
        this.settings = settings;
        this.subject = subject;
        this.prompts = prompts;
    }

    /** The finding on a model that is too large. */
    static Finding leftOut(long parameters) {
        String said = "left out: " + parameters + " parameters are too many for 64 bits here";
        return new Finding(CHECK, Verdict.UNCLEAR, said, 0.0);
    }

    Finding finding() {
        double began = Preflight.now();
        Parameters trainable = subject.networks().policy().model().trainable();
        Kernels kernels = subject.networks().policy().model().kernels();
        RandomGenerator random = new RandomStreams(settings.seed()).stream(Purpose.NOISE, 2);
        double[] weights = kernels.readDoubles(trainable.flat());
        double[] mask = mask(trainable.layout());
        for (int i = 0; i < weights.length; i++) {
            weights[i] += mask[i] * MOVED * Math.max(MOVED, Math.abs(weights[i])) * random.nextGaussian();
        }
        kernels.write(trainable.flat(), weights);
        List<CodeBatcher.MicroBatch> microBatches = subject.microBatches(sequences(), 2);
        ValidSteps steps = PreflightSubject.valid(microBatches);
        double[][] own = subject.logProbs(microBatches);
        // Ratios away from 1 and from where a surrogate is cut.
        Evidence evidence = new Evidence(
                steps.table((b, t) -> own[b][t] - ((b + t) % 2 == 0 ? 0.06 : -0.05)),
                subject.advantages(steps, 0),
                Math.max(LEAST_COEFFICIENT, settings.kl().controller().initial()));
        int divisor = subject.stepsInBatch(microBatches);
        subject.report(microBatches, evidence, divisor);
        double[] gradient = subject.networks().policy().takeGradient();
        double worst = 0.0;
        for (int d = 0; d < DIRECTIONS; d++) {
            double[] direction = new double[weights.length];
            double slope = 0.0;
            for (int i = 0; i < direction.length; i++) {
                // A part follows the gradient, so that the slope is not the small rest of many that cancel.
                direction[i] = mask[i] * 1e-3 * (random.nextGaussian() + Math.signum(gradient[i]));
                slope += direction[i] * gradient[i];
            }
            double[] ends = new double[2];
            for (int side = 0; side < 2; side++) {
                double[] moved = weights.clone();
                for (int i = 0; i < moved.length; i++) {
                    moved[i] += (side == 0 ? STEP : -STEP) * direction[i];
                }
                kernels.write(trainable.flat(), moved);
                ends[side] = subject.loss(subject.report(microBatches, evidence, divisor), evidence, divisor);
            }
            double measured = (ends[0] - ends[1]) / (2.0 * STEP);
            worst = Math.max(worst, Math.abs(measured - slope) / Math.max(1e-6, Math.abs(slope)));
        }
        subject.networks().policy().discard();
        String said = String.format(
                Locale.ROOT,
                "slopes of the whole loss on %d steps in %d directions, in 64 bits: relative error %.2g at most, limit %.2g",
                steps.total(),
                DIRECTIONS,
                worst,
                MOST_ERROR);
        return new Finding(CHECK, worst <= MOST_ERROR ? Verdict.PASSED : Verdict.FAILED, said, Preflight.now() - began);
    }

    /** 1 for a weight that is trained, 0 for one that is frozen. */
    private double[] mask(ParameterLayout layout) {
        double[] mask = new double[layout.size()];
        for (ParameterLayout.Range range : layout.ranges()) {
            if (settings.policy().trained().contains(range.part())) {
                Arrays.fill(mask, range.offset(), range.offset() + range.size(), 1.0);
            }
        }
        return mask;
    }

    /** Two short sequences of random codes, of different lengths: the loss takes any. */
    private List<CodeSequence> sequences() {
        DecoderConfig decoder = subject.networks().policy().model().config().decoder();
        RandomGenerator random = new RandomStreams(settings.seed()).stream(Purpose.NOISE, 3);
        List<CodeSequence> sequences = new ArrayList<>();
        for (int b = 0; b < 2; b++) {
            int frames =
                    Math.max(1, Math.min(Preflight.SHORT, subject.networks().evaluationFrames()) - 3 * b);
            int[][] codes = new int[decoder.codebooks()][frames];
            for (int[] row : codes) {
                Arrays.setAll(row, f -> random.nextInt(decoder.vocabulary()));
            }
            sequences.add(CodeSequence.of(codes, prompts.trainPrompt(b).text()));
        }
        return sequences;
    }
}
