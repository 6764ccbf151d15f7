package org.encore.trainer.finetuning;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.encore.base.settings.Checks;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.transformer.ParameterLayout;
import org.encore.rewards.mixture.Mixture.OnFailure;
import org.encore.rewards.specs.MixtureSpec;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.run.ComputeSettings;
import org.encore.trainer.advantages.AdvantageEstimator;
import org.encore.trainer.advantages.AdvantageScale;
import org.encore.trainer.data.CorpusSource;
import org.encore.trainer.kl.KlPenalty.KlSettings;
import org.encore.trainer.objective.PolicyObjective;
import org.encore.trainer.objective.ValueObjective;
import org.encore.trainer.profiling.ProfileWatch.Profiling;

/**
 * A fine-tuning run.
 *
 * @param seed decides everything random in the run
 * @param checkpoint the model to start from, and the reference that the divergence is measured from
 * @param corpus where prompts come from, and held-out pieces
 * @param iterations iterations
 * @param rollout what is played in an iteration
 * @param rewards what is rewarded, at least one, each with its own id
 * @param onRewardFailure what happens when a reward breaks its contract
 * @param advantages how reward becomes advantage
 * @param kl the leash to the reference
 * @param policy how the policy learns
 * @param value how the value network learns
 * @param evaluation what is looked at on the way
 * @param compute how the work is spread
 */
public record FineTuneSettings(
        long seed,
        Path checkpoint,
        CorpusSource corpus,
        int iterations,
        Rollout rollout,
        List<RewardEntry> rewards,
        OnFailure onRewardFailure,
        AdvantageSettings advantages,
        KlSettings kl,
        PolicySettings policy,
        ValueSettings value,
        EvaluationSettings evaluation,
        ComputeSettings compute) {
    public FineTuneSettings {
        Checks.atLeast("iterations", iterations, 1);
        rewards = new MixtureSpec(rewards, onRewardFailure).rewards();
        if (rollout.samplesPerPrompt() < advantages.estimator().fewestSamplesPerPrompt()) {
            throw new IllegalArgumentException("rollout.samplesPerPrompt is " + rollout.samplesPerPrompt()
                    + ", but the advantage estimator compares samples of one prompt and needs at least "
                    + advantages.estimator().fewestSamplesPerPrompt());
        }
    }

    /** What holds where a configuration says nothing; docs/configuration.md lists it. */
    public static FineTuneSettings defaults() {
        return new FineTuneSettings(
                1,
                Path.of("checkpoints/etudes-small"),
                CorpusSource.defaults(),
                100,
                Rollout.defaults(),
                MixtureSpec.defaults().rewards(),
                MixtureSpec.defaults().onFailure(),
                AdvantageSettings.defaults(),
                KlSettings.defaults(),
                PolicySettings.defaults(),
                ValueSettings.defaults(),
                EvaluationSettings.defaults(),
                ComputeSettings.defaults());
    }

    /** The same with the files of its rewards looked for elsewhere. */
    public FineTuneSettings withRewardsLocated(UnaryOperator<Path> locate) {
        List<RewardEntry> located =
                rewards.stream().map(reward -> reward.located(locate)).toList();
        return new FineTuneSettings(
                seed,
                checkpoint,
                corpus,
                iterations,
                rollout,
                located,
                onRewardFailure,
                advantages,
                kl,
                policy,
                value,
                evaluation,
                compute);
    }

    /**
     * What is played in an iteration.
     *
     * @param prompts which prompts of the corpus are played for
     * @param promptsPerIteration different prompts
     * @param samplesPerPrompt sequences for each of them
     * @param maxFrames the most frames that are played and judged in training, no more than the model has positions for;
     *     evaluation always plays whole pieces
     * @param temperature divides the logits, for sampling and for every log-probability alike; the paper uses 0.99
     * @param batch sequences that a shard plays at a time
     * @param packing how weights, keys and values are kept while sequences are played; kernels without half width keep full width
     */
    public record Rollout(
            PromptSet prompts,
            int promptsPerIteration,
            int samplesPerPrompt,
            int maxFrames,
            double temperature,
            int batch,
            Packing packing) {
        /** Prompts that training may use; held-out ones are in neither set. */
        public enum PromptSet {
            /** The captions that the base learned from. */
            TRAINING,
            /** Those that a corpus keeps for fine-tuning: of études, wordings that the base has never read. */
            TUNING
        }

        public Rollout {
            Checks.atLeast("promptsPerIteration", promptsPerIteration, 1);
            Checks.atLeast("samplesPerPrompt", samplesPerPrompt, 1);
            Checks.atLeast("maxFrames", maxFrames, 1);
            Checks.atLeast("batch", batch, 1);
            Checks.within("temperature", temperature, 0.05, 5.0);
        }

        public static Rollout defaults() {
            return new Rollout(PromptSet.TUNING, 32, 1, 256, 1.0, 16, Packing.INT16);
        }

        /** Sequences in an iteration. */
        public int samples() {
            return promptsPerIteration * samplesPerPrompt;
        }
    }

    /**
     * How reward becomes advantage.
     *
     * @param estimator the estimator
     * @param scale what is done to advantages before they weigh the gradient
     */
    public record AdvantageSettings(AdvantageEstimator estimator, AdvantageScale scale) {
        public static AdvantageSettings defaults() {
            return new AdvantageSettings(AdvantageEstimator.defaults(), AdvantageScale.WHITENED);
        }
    }

    /**
     * How the policy learns.
     *
     * @param objective the objective
     * @param optimiser numbers of AdamW
     * @param schedule of the learning rate
     * @param entropyCoefficient weight of a bonus for the entropy of each step; 0 is none
     * @param epochs times that an iteration's samples are gone through
     * @param minibatches updates in one such time
     * @param trained parts of the policy that learn; MusicGen's text encoder stays frozen
     */
    public record PolicySettings(
            PolicyObjective objective,
            AdamW.Settings optimiser,
            Schedule schedule,
            double entropyCoefficient,
            int epochs,
            int minibatches,
            List<ParameterLayout.Part> trained) {
        public PolicySettings {
            trained = List.copyOf(trained);
            if (trained.isEmpty()) {
                throw new IllegalArgumentException(
                        "trained is empty, but must name at least one of text-encoder, cross-attention and decoder");
            }
            Checks.atLeast("epochs", epochs, 1);
            Checks.atLeast("minibatches", minibatches, 1);
            Checks.within("entropyCoefficient", entropyCoefficient, 0.0, 10.0);
        }

        public static PolicySettings defaults() {
            return new PolicySettings(
                    PolicyObjective.defaults(),
                    new AdamW.Settings(1e-4, 0.9, 0.95, 1e-8, 0.0, 1.0),
                    new Schedule.Constant(0),
                    0.0,
                    1,
                    1,
                    List.of(ParameterLayout.Part.CROSS_ATTENTION, ParameterLayout.Part.DECODER));
        }

        /** Updates of a whole run. */
        long updates(int iterations) {
            return (long) iterations * epochs * minibatches;
        }
    }

    /**
     * How the value network learns.
     *
     * @param objective the objective
     * @param optimiser numbers of AdamW
     * @param schedule of the learning rate
     * @param warmupIterations iterations in which only the value network learns
     */
    public record ValueSettings(
            ValueObjective objective, AdamW.Settings optimiser, Schedule schedule, int warmupIterations) {
        public ValueSettings {
            Checks.atLeast("warmupIterations", warmupIterations, 0);
        }

        public static ValueSettings defaults() {
            return new ValueSettings(
                    ValueObjective.defaults(),
                    new AdamW.Settings(3e-4, 0.9, 0.95, 1e-8, 0.0, 1.0),
                    new Schedule.Constant(0),
                    0);
        }
    }

    /**
     * What is looked at on the way.
     *
     * @param prompts held-out prompts that are played before and after
     * @param pieces held-out pieces whose likelihood is measured
     * @param samplesEvery iterations between two sets of samples written to the run directory
     * @param samples how many samples a set has
     * @param checkpointEvery iterations between two checkpoints
     * @param maxKl divergence from the reference, in nats a code, that ends the run as diverged
     * @param maxFrames the most frames that are played and measured; cut to what the model has positions for
     * @param profile of the policy's loss curves
     */
    public record EvaluationSettings(
            int prompts,
            int pieces,
            int samplesEvery,
            int samples,
            int checkpointEvery,
            double maxKl,
            int maxFrames,
            Profiling profile) {
        public EvaluationSettings {
            Checks.atLeast("prompts", prompts, 1);
            Checks.atLeast("pieces", pieces, 1);
            Checks.atLeast("samplesEvery", samplesEvery, 1);
            Checks.atLeast("samples", samples, 0);
            Checks.atLeast("checkpointEvery", checkpointEvery, 1);
            Checks.within("maxKl", maxKl, 1e-6, 1e6);
            Checks.atLeast("maxFrames", maxFrames, 16);
        }

        public static EvaluationSettings defaults() {
            return new EvaluationSettings(128, 128, 25, 4, 50, 2.0, 256, Profiling.defaults());
        }
    }
}
