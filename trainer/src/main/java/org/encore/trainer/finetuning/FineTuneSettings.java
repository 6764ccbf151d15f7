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
import org.encore.trainer.finetuning.ProfileWatch.Profiling;
import org.encore.trainer.kl.KlPenalty.KlSettings;
import org.encore.trainer.objective.PolicyObjective;
import org.encore.trainer.objective.ValueObjective;
import org.encore.trainer.pretraining.CorpusSource;

/**
 * A fine-tuning run.
 *
 * @param seed decides everything random in the run, except the pieces of the corpus, which has its own
 * @param checkpoint the model to start from, and the reference that the KL is measured from
 * @param corpus where prompts and held-out pieces come from
 * @param iterations how often the policy generates, is scored and learns
 * @param rollout what is generated in an iteration
 * @param rewards what is rewarded: at least one reward, each with an id of its own
 * @param onRewardFailure what happens when a reward throws, or returns scores that are not finite
 * @param advantages how reward becomes advantage
 * @param kl how the policy is kept near the reference
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
     * What is generated in an iteration.
     *
     * @param prompts which prompts of the corpus are used; a folder of MIDI files has one set, whichever is named
     * @param promptsPerIteration different prompts in an iteration; more give a steadier gradient and cost more time
     * @param samplesPerPrompt completions of each prompt; at least 2 for {@code leave-one-out} and {@code group-normalised}, which compare
     *     them with each other
     * @param maxFrames the longest completion in training, in frames; cut to what the model has positions for
     * @param temperature divides the logits, for sampling and for every log-probability alike; the paper uses 0.99
     * @param batch sequences that a shard generates at a time: memory against speed
     * @param packing how weights, keys and values are stored during generation; kernels that have no 16-bit form use 32 bits
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
     * @param estimator how the reward of a sample is turned into the advantage of each step
     * @param scale how advantages are scaled before they weigh the gradient
     */
    public record AdvantageSettings(AdvantageEstimator estimator, AdvantageScale scale) {
        public static AdvantageSettings defaults() {
            return new AdvantageSettings(AdvantageEstimator.defaults(), AdvantageScale.WHITENED);
        }
    }

    /**
     * How the policy learns.
     *
     * @param objective what the policy maximises
     * @param optimiser numbers of AdamW
     * @param schedule how the learning rate changes over all updates of the run
     * @param entropyCoefficient weight of a bonus for the entropy of each step; 0 is none, large values make the policy random
     * @param epochs passes over the samples of an iteration; more than 1 needs {@code clipped-surrogate} to stay stable
     * @param minibatches updates in one pass, at most one a sample
     * @param trained parts of the policy that learn; the others stay as they are
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
     * @param objective how values are fitted to returns
     * @param optimiser numbers of AdamW
     * @param schedule how the learning rate changes over all updates of the run
     * @param warmupIterations iterations at the start in which the policy does not learn
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
     * @param prompts held-out prompts that are used before and after the run
     * @param pieces held-out pieces whose loss is measured before and after the run
     * @param samplesEvery iterations between two sets of samples written to the run directory
     * @param samples samples in a set
     * @param checkpointEvery iterations between two checkpoints; the last iteration always writes one
     * @param maxKl KL from the reference, in nats a code, above which the run ends as diverged
     * @param maxFrames the longest completion and the longest piece in evaluation, in frames, at least 256 for the corpus {@code
     *     etudes}; cut to what the model has positions for
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
