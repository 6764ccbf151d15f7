package org.encore.trainer.finetuning;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.base.files.AtomicFiles;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.learning.LearnerFiles.Origin;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.Shards;
import org.encore.music.codec.AudioCodec;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.RewardScores;
import org.encore.rewards.specs.MixtureSpec;
import org.encore.run.TrainerState;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.finetuning.PolicyImprover.Evidence;
import org.encore.trainer.finetuning.PolicyImprover.PolicyReport;

/**
 * A run as {@link Preflight} looks at it: networks of its own, and the parts of the trainer that the checks exercise. Tests
 * replace single parts by faulty ones.
 */
class PreflightSubject implements AutoCloseable {
    private static final int SAMPLING = 0;
    private static final int ADVANTAGE = 1;

    private final FineTuneSettings settings;
    private final Networks networks;
    private final Origin origin;
    private final RandomStreams streams;

    /**
     * Loads the networks of a run.
     *
     * @param settings sized for the checks
     */
    PreflightSubject(FineTuneSettings settings, Path base, AudioCodec codec, Shards shards) throws IOException {
        this.settings = settings;
        this.networks = new Networks(settings, base, codec, shards);
        this.origin = Origin.of(base);
        this.streams = new RandomStreams(settings.seed());
    }

    FineTuneSettings settings() {
        return settings;
    }

    Networks networks() {
        return networks;
    }

    /** The settings that the trainer's loss is made with. */
    FineTuneSettings trainerSettings() {
        return settings;
    }

    Reference reference() {
        return networks.reference();
    }

    /** Samples some prompts with the run's sampler. */
    List<Completion> sample(List<Prompt> prompts) {
        return networks.generator()
                .generate(prompts.stream().map(Prompt::text).toList(), i -> streams.stream(Purpose.NOISE, SAMPLING, i));
    }

    List<CodeBatcher.MicroBatch> microBatches(List<CodeSequence> sequences, int size) {
        return networks.batcher().cut(sequences, size);
    }

    int stepsInBatch(List<CodeBatcher.MicroBatch> microBatches) {
        ValidSteps steps = valid(microBatches);
        return Iteration.stepsInBatch(steps, StepTables.range(steps.samples()));
    }

    RewardScores scores(List<Sample> samples) {
        Mixture mixture = new MixtureSpec(settings.rewards(), settings.onRewardFailure()).mixture();
        return mixture.rewardScores(samples);
    }

    /** Writes a state as a checkpoint, with the tensors as they are. */
    final void save(FineTuneState state, Path directory) throws IOException {
        AtomicFiles.deleteRecursively(directory);
        Files.createDirectories(directory);
        ObjectNode saved = TrainerState.of(FineTuneState.KIND, state.step());
        state.save(networks, origin, directory, saved);
        TrainerState.write(saved, directory);
    }

    /** Resumes from a checkpoint. */
    FineTuneState resumed(Path directory) throws IOException {
        return FineTuneState.load(networks, origin, directory, TrainerState.read(directory, FineTuneState.KIND));
    }

    /** The valid steps of a batch that was cut. */
    static ValidSteps valid(List<CodeBatcher.MicroBatch> microBatches) {
        int count =
                microBatches.stream().mapToInt(each -> each.members().length).sum();
        int[] lengths = new int[count];
        for (CodeBatcher.MicroBatch microBatch : microBatches) {
            for (int b = 0; b < microBatch.members().length; b++) {
                lengths[microBatch.members()[b]] = microBatch.batch().steps()[b];
            }
        }
        return new ValidSteps(lengths, Arrays.stream(lengths).max().orElseThrow());
    }

    /** Advantages that no sum hides: independent normal numbers, of a sequence the same in every batch. */
    double[][] advantages(ValidSteps steps, int firstSequence) {
        double[][] drawn = new double[steps.samples()][];
        for (int b = 0; b < drawn.length; b++) {
            RandomGenerator random = streams.stream(Purpose.NOISE, ADVANTAGE, firstSequence + b);
            drawn[b] = IntStream.range(0, steps.length(b))
                    .mapToDouble(t -> random.nextGaussian())
                    .toArray();
        }
        return steps.table((b, t) -> drawn[b][t]);
    }

    /** The trainer's report on a batch; its gradient stays accumulated. */
    PolicyReport report(List<CodeBatcher.MicroBatch> microBatches, Evidence evidence, int stepsInBatch) {
        return PolicyReport.sum(new PolicyImprover(networks.policy(), reference(), trainerSettings())
                .accumulate(microBatches, evidence, stepsInBatch));
    }

    /** The whole loss of a batch: the objective, KL and entropy bonus. */
    double loss(PolicyReport report, Evidence evidence, int stepsInBatch) {
        return report.loss()
                + (settings.kl().penalty().lossWeight(evidence.coefficient()) * report.exactKl()
                                - settings.policy().entropyCoefficient() * report.entropy())
                        / stepsInBatch;
    }

    /** Log-probabilities of the steps under the policy as the trainer computes them, by a pass of the same kind as the loss's. */
    double[][] logProbs(List<CodeBatcher.MicroBatch> microBatches) {
        Reference policy = new Reference(
                networks.policy().replicas(),
                networks.workspaces(),
                networks.workspaces().capacity(),
                trainerSettings().rollout().temperature(),
                settings.rollout().guidanceScale());
        return StepTables.gathered(valid(microBatches), microBatches, policy.logProbs(microBatches));
    }

    double[][] referenceLogProbs(List<CodeBatcher.MicroBatch> microBatches) {
        return StepTables.gathered(
                valid(microBatches), microBatches, reference().logProbs(microBatches));
    }

    @Override
    public void close() {
        networks.close();
    }
}
