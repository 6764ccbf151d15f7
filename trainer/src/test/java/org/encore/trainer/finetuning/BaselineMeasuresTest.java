package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.encore.evaluation.value.ValueOracle;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.corpus.Corpus;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.SampleReward;
import org.encore.rewards.Score;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.Mixture.Member;
import org.encore.rewards.mixture.Mixture.OnFailure;
import org.encore.run.Progress;
import org.encore.trainer.TinyWorld;
import org.encore.trainer.advantages.AdvantageEstimator.LeaveOneOut;
import org.encore.trainer.advantages.AdvantageEstimator.ValueBaseline;
import org.encore.trainer.advantages.AdvantageScale;
import org.encore.trainer.value.ValueNetwork.Reader;
import org.junit.jupiter.api.Test;

/** The oracle on scores whose secret is known, and the variance of the gradient by three baselines. */
class BaselineMeasuresTest {
    private static final int FRAMES = 24;

    private static Member member(String id, ToDoubleFunction<int[]> score) {
        SampleReward reward = new SampleReward() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public Score score(Sample sample) {
                return Score.of(score.applyAsDouble(sample.codes().orElseThrow()[0]), "a rule of codes");
            }
        };
        return Member.of(reward, 1.0);
    }

    private static ValueOracle.Result branched(int branches) throws IOException {
        Mixture mixture = Mixture.of(
                List.of(
                        member("first", codes -> codes[0]),
                        member("last", codes -> codes[Math.min(codes.length, FRAMES) - 1] % 2)),
                OnFailure.STOP);
        try (Shards shards = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE));
                PretrainedModel model = PretrainedModel.open(TinyWorld.base(), shards)) {
            Corpus corpus = TinyWorld.corpus().open(TinyWorld.codec(), TinyWorld.MAX_FRAMES);
            List<Prompt> prompts =
                    LongStream.range(0, 10).mapToObj(corpus::trainPrompt).toList();
            ValueOracle.Plan plan =
                    new ValueOracle.Plan(4, branches, FRAMES, new SamplingSettings(1.5, 0, 1.0, 1.0), 4, 3);
            return new ValueOracle(model, TinyWorld.codec(), mixture, plan).run(prompts, Progress.none());
        }
    }

    @Test
    void whatIsDecidedIsKnownAndNothingElse() throws IOException {
        ValueOracle.Result found = branched(6);
        assertEquals(List.of(0.0, 0.25, 0.5, 0.75), found.positions());
        assertEquals(10 * (1 + 4 * 6), found.pieces());
        assertEquals(
                List.of("total", "first", "last"),
                found.ceilings().stream().map(ValueOracle.Ceiling::reward).toList());
        ValueOracle.Ceiling first = found.ceilings().get(1);
        assertTrue(first.byPosition().get(0).value() < 0.5, first::toString);
        // Half of a piece has its first code.
        assertEquals(1.0, first.byPosition().get(2).value(), 1e-12);
        assertEquals(1.0, first.byPosition().get(3).value(), 1e-12);
        ValueOracle.Ceiling last = found.ceilings().get(2);
        assertTrue(last.byPosition().get(1).value() < 0.5, last::toString);
        assertTrue(first.overall().value() > first.byPosition().get(0).value()
                && first.overall().value() < 1.0);
    }

    @Test
    void theSameSeedBranchesTheSame() throws IOException {
        assertEquals(branched(3).ceilings(), branched(3).ceilings());
    }

    private static GradientVariance.Result variance() throws IOException {
        FineTuneSettings settings = new Plan()
                .rollout(3, 3, 1.0)
                .advantages(new ValueBaseline(), AdvantageScale.WHITENED)
                .network(new Reader(4, 3, 5, 3, 4, 2, 8, 2, 1e-2, Optional.empty()))
                .settings();
        try (Shards shards = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE))) {
            return new GradientVariance(settings, 6)
                    .measure(TinyWorld.base(), TinyWorld.codec(), shards, Progress.none());
        }
    }

    @Test
    void leaveOneOutOfThreeHasHalfAsMuchAgainAsAConstant() throws IOException {
        GradientVariance.Result found = variance();
        assertEquals(54, found.samples());
        GradientVariance.Row constant = found.rows().get(0);
        GradientVariance.Row others = found.rows().get(1);
        assertEquals(
                List.of("running mean", "leave-one-out", "value"),
                found.rows().stream().map(GradientVariance.Row::baseline).toList());
        assertArrayEquals(
                new double[] {1, 1, 1},
                new double[] {
                    others.relative().value(),
                    others.relative().low(),
                    others.relative().high()
                },
                0.0);
        // Prompts tell little here: the mean of two others has half the variance of a score.
        assertEquals(1.5, others.advantages() / constant.advantages(), 0.5);
        assertEquals(
                others.trace().value() * constant.relative().value(),
                constant.trace().value(),
                1e-9);
        assertTrue(constant.trace().value() > 0.0 && found.explained().containsKey("val/explained_variance"));
    }

    @Test
    void runsWithoutValuesAreRefused() {
        FineTuneSettings none = new Plan()
                .rollout(3, 3, 1.0)
                .advantages(new LeaveOneOut(), AdvantageScale.WHITENED)
                .settings();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new GradientVariance(none, 6))
                .getMessage()
                .contains("take value-baseline"));
    }
}
