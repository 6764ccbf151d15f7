package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.encore.model.decoding.CodeBatch;
import org.encore.model.decoding.CodeBatcher.MicroBatch;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.memory.MemoryBudget.MemoryLimits;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.Codecs;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.SampleReward;
import org.encore.rewards.Score;
import org.encore.rewards.mixture.RewardSpec;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.rewards.specs.RuleReward.Length;
import org.encore.rewards.specs.RuleReward.RuleAdherence;
import org.encore.trainer.TinyWorld;
import org.encore.trainer.advantages.AdvantageEstimator.LeaveOneOut;
import org.encore.trainer.advantages.AdvantageScale;
import org.encore.trainer.finetuning.Preflight.Finding;
import org.encore.trainer.finetuning.Preflight.Verdict;
import org.encore.trainer.kl.KlController.FixedCoefficient;
import org.encore.trainer.kl.KlPenalty.ExactInLoss;
import org.encore.trainer.objective.PolicyObjective.ClippedSurrogate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preflight passes a sound run, and sees each fault that is planted in it, by the check that is meant for it. */
class PreflightTest {
    private static final double TEMPERATURE = 0.9;

    @TempDir
    private Path scratch;

    private static Plan plan() {
        return new Plan()
                .rewards(RewardEntry.defaults(RuleAdherence.defaults()))
                .advantages(new LeaveOneOut(), AdvantageScale.WHITENED)
                .kl(new ExactInLoss(), new FixedCoefficient(0.2))
                .rollout(2, 2, TEMPERATURE);
    }

    /** A subject of the plan's run; anonymous subclasses plant faults. */
    private static class Sound extends PreflightSubject {
        Sound(FineTuneSettings settings, Shards shards) throws IOException {
            super(settings, settings.checkpoint(), TinyWorld.codec(), shards);
        }
    }

    @FunctionalInterface
    private interface Making {
        PreflightSubject of(FineTuneSettings settings, Shards shards) throws IOException;
    }

    private List<Finding> findings(Plan plan, Making making) throws IOException {
        FineTuneSettings settings = plan.settings();
        try (Shards single = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE));
                Shards wide = new Shards(1, 1, () -> new PortableKernels(Precision.DOUBLE))) {
            return new Preflight(
                            settings,
                            Packing.FLOAT32,
                            made(making, single),
                            made(making, wide),
                            settings.corpus().open(TinyWorld.codec(), TinyWorld.MAX_FRAMES),
                            Codecs.symbolic(Codecs.NOTES),
                            scratch.resolve("checkpoint"))
                    .findings();
        }
    }

    private static Function<FineTuneSettings, PreflightSubject> made(Making making, Shards shards) {
        return sized -> {
            try {
                return making.of(sized, shards);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static List<String> failed(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.verdict() == Verdict.FAILED)
                .map(Finding::check)
                .toList();
    }

    /** Weights of a large model in 32 bits may not fit where those of the run do. */
    @Test
    void generationIsPackedAsInTheRunWhereFloatsDoNotFit() throws IOException {
        FineTuneSettings settings = plan().settings();
        FineTuneSettings packed = settings.with(settings.rollout().with(Packing.INT16));
        CheckpointInfo base = CheckpointInfo.of(settings.checkpoint());
        assertEquals(Packing.FLOAT32, Preflight.packing(packed, base, new MemoryLimits(1L << 40, 1L << 40)));
        assertEquals(Packing.INT16, Preflight.packing(packed, base, new MemoryLimits(1L << 40, 1L)));
    }

    @Test
    void aSoundRunPasses() throws IOException {
        List<Finding> findings = findings(plan(), Sound::new);
        assertEquals(List.of(), failed(findings), findings::toString);
        assertEquals(
                List.of(
                        "reward rule-adherence ranks known clips",
                        "sampler = trainer",
                        "ratio 1, KL 0 at the start",
                        "loss is a mean over valid steps",
                        "reference is frozen",
                        "resume round trip",
                        "gradient = finite differences"),
                findings.stream().map(Finding::check).toList());
        findings.forEach(finding -> assertEquals(Verdict.PASSED, finding.verdict(), finding::toString));
    }

    @Test
    void otherAlgorithmsPassToo() throws IOException {
        Plan ppo = new Plan()
                .rewards(RewardEntry.defaults(Length.defaults()))
                .policy(new ClippedSurrogate(0.2), 1e-3)
                .rollout(4, 1, 1.0)
                .guidance(3.0);
        List<Finding> findings = findings(ppo, Sound::new);
        assertEquals(List.of(), failed(findings), findings::toString);
        assertEquals(Verdict.UNCLEAR, findings.get(0).verdict(), "a length is neither good nor bad");
    }

    @Test
    void theTemperatureIsMissingInTheTrainer() throws IOException {
        List<Finding> findings = findings(plan(), (settings, shards) -> new Sound(settings, shards) {
            @Override
            FineTuneSettings trainerSettings() {
                return plan().rollout(2, 2, 1.0).settings();
            }
        });
        assertTrue(failed(findings).contains("sampler = trainer"), findings::toString);
    }

    @Test
    void theTargetsAreShiftedByOne() throws IOException {
        List<Finding> findings = findings(plan(), (settings, shards) -> new Sound(settings, shards) {
            @Override
            List<MicroBatch> microBatches(List<CodeSequence> sequences, int size) {
                List<MicroBatch> shifted = new ArrayList<>();
                for (MicroBatch each : super.microBatches(sequences, size)) {
                    CodeBatch batch = each.batch();
                    int[][] targets = new int[batch.targets().length][];
                    for (int k = 0; k < targets.length; k++) {
                        targets[k] = batch.targets()[k].clone();
                        for (int row = 0; row + 1 < targets[k].length; row++) {
                            if (targets[k][row] >= 0 && batch.targets()[k][row + 1] >= 0) {
                                targets[k][row] = batch.targets()[k][row + 1];
                            }
                        }
                    }
                    shifted.add(new MicroBatch(new CodeBatch(batch.inputs(), targets, batch.steps()), each.members()));
                }
                return shifted;
            }
        });
        assertTrue(failed(findings).contains("sampler = trainer"), findings::toString);
    }

    @Test
    void paddingCountsInTheMean() throws IOException {
        List<Finding> findings = findings(plan(), (settings, shards) -> new Sound(settings, shards) {
            @Override
            int stepsInBatch(List<MicroBatch> microBatches) {
                return microBatches.stream()
                        .mapToInt(each -> each.batch().shape().rows())
                        .sum();
            }
        });
        assertTrue(failed(findings).contains("loss is a mean over valid steps"), findings::toString);
    }

    @Test
    void theReferenceIsUpdated() throws IOException {
        List<Finding> findings = findings(plan(), (settings, shards) -> new Sound(settings, shards) {
            @Override
            Reference reference() {
                return new Reference(
                        networks().policy().replicas(),
                        networks().workspaces(),
                        networks().workspaces().capacity(),
                        TEMPERATURE,
                        1.0);
            }
        });
        assertTrue(failed(findings).contains("reference is frozen"), findings::toString);
    }

    @Test
    void resumingLosesTheKlCoefficient() throws IOException {
        List<Finding> findings = findings(plan(), (settings, shards) -> new Sound(settings, shards) {
            @Override
            FineTuneState resumed(Path directory) throws IOException {
                FineTuneState found = super.resumed(directory);
                return new FineTuneState(
                        found.step(),
                        settings().kl().controller().initial(),
                        found.rewards(),
                        found.episodes(),
                        found.skipped(),
                        found.skippedInRow());
            }
        });
        assertEquals(List.of("resume round trip"), failed(findings), findings::toString);
    }

    @Test
    void resumingLosesTheMoments() throws IOException {
        List<Finding> findings = findings(plan(), (settings, shards) -> new Sound(settings, shards) {
            @Override
            FineTuneState resumed(Path directory) throws IOException {
                FineTuneState found = super.resumed(directory);
                networks()
                        .policy()
                        .model()
                        .kernels()
                        .fill(networks().policy().optimiser().secondMoment().flat(), 0.0);
                return found;
            }
        });
        assertEquals(List.of("resume round trip"), failed(findings), findings::toString);
    }

    /** Less is better: what an exported model with the wrong output looks like. */
    private record Turned() implements RewardSpec {
        @Override
        public RewardModel reward(String id) {
            return new TurnedReward(id);
        }
    }

    private record TurnedReward(String id) implements SampleReward {
        @Override
        public Score score(Sample sample) {
            Score right = RuleAdherence.defaults().score(sample);
            return right.abstains() ? right : Score.of(-right.value(), "turned");
        }
    }

    @Test
    void aRewardHasItsSignTurned() throws IOException {
        List<Finding> findings = findings(
                plan().rewards(RewardEntry.defaults(RuleAdherence.defaults()), RewardEntry.of("turned", new Turned())),
                Sound::new);
        assertEquals(List.of("reward turned ranks known clips"), failed(findings), findings::toString);
    }
}
