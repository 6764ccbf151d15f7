package org.encore.trainer.finetuning;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.encore.base.settings.Checks;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.ParameterLayout;
import org.encore.music.audio.Loudness;
import org.encore.music.corpus.Split;
import org.encore.rewards.mixture.Mixture.OnFailure;
import org.encore.rewards.specs.MixtureSpec;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.run.ComputeSettings;
import org.encore.trainer.advantages.AdvantageEstimator;
import org.encore.trainer.advantages.AdvantageScale;
import org.encore.trainer.finetuning.CheckpointChoice.Selection;
import org.encore.trainer.finetuning.ProfileWatch.Profiling;
import org.encore.trainer.kl.KlPenalty.KlSettings;
import org.encore.trainer.objective.PolicyObjective;
import org.encore.trainer.objective.ValueObjective;
import org.encore.trainer.pretraining.CorpusSource;
import org.encore.trainer.value.ValueNetwork;

/**
 * The settings of a fine-tuning run.
 *
 * @param seed seed of all random numbers of the run, except those of the corpus, which has its own
 * @param checkpoint the initial model, which is also the frozen reference of the KL
 * @param corpus source of prompts and held-out pieces
 * @param iterations number of iterations: each generates completions, scores them and updates the policy
 * @param rollout the completions of an iteration
 * @param rewards the rewards, at least one, each with a unique id
 * @param onRewardFailure what to do when a reward throws or returns scores that are not finite
 * @param advantages how advantages are computed from rewards
 * @param kl the KL penalty that keeps the policy near the reference
 * @param policy training of the policy
 * @param value training of the value network
 * @param evaluation evaluation, samples and checkpoints
 * @param selection which step of the run is kept as its result, by the evaluations while it trains
 * @param compute parallelism and memory
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
        Selection selection,
        ComputeSettings compute) {
    public FineTuneSettings {
        Checks.atLeast("iterations", iterations, 1);
        rewards = new MixtureSpec(rewards, onRewardFailure).rewards();
        if (rollout.samplesPerPrompt() < advantages.estimator().fewestSamplesPerPrompt()) {
            throw new IllegalArgumentException("rollout.samplesPerPrompt is " + rollout.samplesPerPrompt()
                    + ", but the advantage estimator compares samples of one prompt and needs at least "
                    + advantages.estimator().fewestSamplesPerPrompt());
        }
        if (value.warmupIterations() > 0 && !advantages.estimator().needsValues()) {
            throw new IllegalArgumentException("value.warmupIterations is " + value.warmupIterations()
                    + ", but must be 0, because the advantage estimator needs no values");
        }
        if (evaluation.every() > 0) {
            selection.better(rewards);
        }
    }

    /** The defaults of a configuration; docs/configuration.md lists them. */
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
                Selection.defaults(),
                ComputeSettings.defaults());
    }

    /** These settings with other paths of the files of corpus and rewards. */
    public FineTuneSettings located(UnaryOperator<Path> locate) {
        List<RewardEntry> files =
                rewards.stream().map(reward -> reward.located(locate)).toList();
        return with(corpus.located(locate), rollout, files, policy, compute);
    }

    /** These settings with other rewards, e.g. some that a program has written. */
    public FineTuneSettings withRewards(List<RewardEntry> others) {
        return with(corpus, rollout, others, policy, compute);
    }

    FineTuneSettings with(Rollout other) {
        return with(corpus, other, rewards, policy, compute);
    }

    FineTuneSettings with(PolicySettings other) {
        return with(corpus, rollout, rewards, other, compute);
    }

    FineTuneSettings with(Rollout other, ComputeSettings parallelism) {
        return with(corpus, other, rewards, policy, parallelism);
    }

    private FineTuneSettings with(
            CorpusSource prompts,
            Rollout completions,
            List<RewardEntry> scores,
            PolicySettings training,
            ComputeSettings parallelism) {
        return new FineTuneSettings(
                seed,
                checkpoint,
                prompts,
                iterations,
                completions,
                scores,
                onRewardFailure,
                advantages,
                kl,
                training,
                value,
                evaluation,
                selection,
                parallelism);
    }

    /**
     * The completions of an iteration.
     *
     * @param prompts which prompts of the corpus are used; a folder of MIDI files has only one set
     * @param promptsPerIteration different prompts per iteration; more give a less noisy gradient and take more time
     * @param samplesPerPrompt completions per prompt; at least 2 for {@code leave-one-out} and {@code group-normalised},
     *     which compare them
     * @param maxFrames longest completion in training, in frames; limited to the positions of the model
     * @param missingEndPenalty taken from the score of each completion that was cut at {@code maxFrames} before it ended, as
     *     TRL's {@code missing_eos_penalty}; 0 takes nothing
     * @param temperature divides the logits, in sampling and in all log-probabilities; the paper uses 0.99
     * @param guidanceScale scale s of classifier-free guidance: the policy and its reference are {@code softmax(null + s (text -
     *     null))}, in sampling and in training, with gradients through both; 1 is none. MusicGen uses 3. Each pass and each
     *     step of generation then has twice the rows
     * @param batch sequences that a shard generates at a time; more need more memory and are faster
     * @param packing format of weights, keys and values during generation; kernels without 16-bit support use 32 bits
     * @param maxSkippedInRow at so many iterations in a row that have no sample to learn from, because rewards abstained, the
     *     run stops; fewer are skipped with a warning
     */
    public record Rollout(
            PromptSet prompts,
            int promptsPerIteration,
            int samplesPerPrompt,
            int maxFrames,
            double missingEndPenalty,
            double temperature,
            double guidanceScale,
            int batch,
            Packing packing,
            int maxSkippedInRow) {
        /** Sets of prompts for training. A tuning prompt can read like a held-out one; the run counts these. */
        public enum PromptSet {
            /** The captions of the training pieces. */
            TRAINING,
            /** Prompts reserved for fine-tuning; for études, wordings that do not occur in pretraining. */
            TUNING
        }

        public Rollout {
            Checks.atLeast("promptsPerIteration", promptsPerIteration, 1);
            Checks.atLeast("samplesPerPrompt", samplesPerPrompt, 1);
            Checks.atLeast("maxFrames", maxFrames, 1);
            Checks.atLeast("batch", batch, 1);
            Checks.within("missingEndPenalty", missingEndPenalty, 0.0, 1e6);
            Checks.within("temperature", temperature, 0.05, 5.0);
            Checks.within("guidanceScale", guidanceScale, 0.0, 100.0);
            Checks.atLeast("maxSkippedInRow", maxSkippedInRow, 1);
        }

        public static Rollout defaults() {
            return new Rollout(PromptSet.TUNING, 32, 1, 256, 0.0, 1.0, 1.0, 16, Packing.INT16, 5);
        }

        /** True if every pass of the policy has a branch without text. */
        public boolean isGuided() {
            return guidanceScale != 1.0;
        }

        Rollout with(Packing other) {
            return with(batch, other);
        }

        Rollout withBatch(int other) {
            return with(other, packing);
        }

        private Rollout with(int atOnce, Packing format) {
            return new Rollout(
                    prompts,
                    promptsPerIteration,
                    samplesPerPrompt,
                    maxFrames,
                    missingEndPenalty,
                    temperature,
                    guidanceScale,
                    atOnce,
                    format,
                    maxSkippedInRow);
        }

        /** Samples per iteration. */
        public int samples() {
            return promptsPerIteration * samplesPerPrompt;
        }
    }

    /**
     * How advantages are computed from rewards.
     *
     * @param estimator computes the advantage of each step from the rewards of the samples
     * @param scale scaling of the advantages over all valid steps of an iteration
     */
    public record AdvantageSettings(AdvantageEstimator estimator, AdvantageScale scale) {
        public static AdvantageSettings defaults() {
            return new AdvantageSettings(AdvantageEstimator.defaults(), AdvantageScale.WHITENED);
        }
    }

    /**
     * Training of the policy.
     *
     * @param objective the loss of the policy
     * @param optimiser settings of AdamW
     * @param schedule learning-rate schedule over all updates of the policy, which begin after the value network's warm-up
     * @param entropyCoefficient weight of the entropy bonus; 0 switches it off, large values make the policy random
     * @param epochs passes over the samples of an iteration; more than 1 needs {@code clipped-surrogate} for stability
     * @param minibatches mini-batches, and so updates, per epoch; at most one per sample
     * @param targetKl ends the updates of the policy in an iteration once a mini-batch finds it 1.5 times this far from the
     *     policy that generated, in nats a step by {@code policy/approxkl_avg}, as {@code target_kl} of Stable-Baselines3
     *     does; the value network learns on; 0 is off
     * @param trained parts of the policy that are trained; the others are frozen
     * @param lora low-rank adapters: only they are trained, of the policy and of the value network, whose base is the
     *     checkpoint; none trains all weights
     */
    public record PolicySettings(
            PolicyObjective objective,
            AdamW.Settings optimiser,
            Schedule schedule,
            double entropyCoefficient,
            int epochs,
            int minibatches,
            double targetKl,
            List<ParameterLayout.Part> trained,
            Optional<LoraSettings> lora) {
        public PolicySettings {
            trained = List.copyOf(trained);
            if (trained.isEmpty()) {
                throw new IllegalArgumentException(
                        "trained is empty, but must name at least one of text-encoder, cross-attention and decoder");
            }
            if (lora.map(LoraSettings::dropout).orElse(0.0) > 0.0) {
                throw new IllegalArgumentException("lora.dropout is "
                        + lora.get().dropout() + ", but must be 0: log-probabilities in training must be"
                        + " those of generation, which drops nothing; pretrain has it");
            }
            Checks.atLeast("epochs", epochs, 1);
            Checks.atLeast("minibatches", minibatches, 1);
            Checks.within("targetKl", targetKl, 0.0, 1e6);
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
                    0.0,
                    List.of(ParameterLayout.Part.CROSS_ATTENTION, ParameterLayout.Part.DECODER),
                    Optional.empty());
        }

        PolicySettings with(LoraSettings adapters) {
            return new PolicySettings(
                    objective,
                    optimiser,
                    schedule,
                    entropyCoefficient,
                    epochs,
                    minibatches,
                    targetKl,
                    trained,
                    Optional.of(adapters));
        }

        /**
         * The updates of some iterations, where schedules end. A run has fewer if rewards abstain from nearly all samples of an
         * iteration, a gradient is not finite, or {@code targetKl} ends an iteration early.
         *
         * @param samples of an iteration
         */
        long updates(int iterations, int samples) {
            return (long) iterations * epochs * Math.min(minibatches, samples);
        }
    }

    /**
     * Training of the value network.
     *
     * @param network what predicts the return
     * @param objective the loss of the value network; of a reader {@code squared-error}
     * @param optimiser settings of AdamW
     * @param schedule learning-rate schedule over all updates of the run
     * @param warmupIterations iterations at the start that train only the value network, not the policy; 0 if the advantage
     *     estimator needs no values
     */
    public record ValueSettings(
            ValueNetwork network,
            ValueObjective objective,
            AdamW.Settings optimiser,
            Schedule schedule,
            int warmupIterations) {
        public ValueSettings {
            if (network instanceof ValueNetwork.Reader && !(objective instanceof ValueObjective.SquaredError)) {
                throw new IllegalArgumentException(
                        "objective is clipped-squared-error, but must be squared-error, because"
                                + " a reader also learns from earlier iterations");
            }
            Checks.atLeast("warmupIterations", warmupIterations, 0);
        }

        public static ValueSettings defaults() {
            return new ValueSettings(
                    ValueNetwork.defaults(),
                    ValueObjective.defaults(),
                    new AdamW.Settings(3e-4, 0.9, 0.95, 1e-8, 0.0, 1.0),
                    new Schedule.Constant(0),
                    0);
        }
    }

    /**
     * Evaluation, samples and checkpoints.
     *
     * @param prompts held-out prompts of the evaluation before and after the run
     * @param pieces held-out pieces for the loss before and after the run
     * @param split which held-out prompts and pieces these are: choose settings by {@code development}, and measure final
     *     figures on {@code test}; they have none in common
     * @param every iterations between two evaluations on {@code selection.prompts} development prompts while the run trains, from
     *     which {@code selection} chooses a step; 0 is none
     * @param samplesEvery iterations between two sets of samples in the run directory
     * @param samples samples per set
     * @param checkpointEvery iterations between two checkpoints; the last iteration always writes one
     * @param maxKl KL from the reference, in nats per code, above which the run stops as diverged
     * @param maxFrames longest completion and piece in evaluation, in frames, at least 256 for the corpus {@code etudes};
     *     limited to the positions of the model
     * @param profile loss-curve profiles of the policy during training
     * @param loudness of the samples' sound files in LUFS, so that none sounds better by being louder; 0 leaves them as they
     *     are; what rewards hear is never changed
     */
    public record EvaluationSettings(
            int prompts,
            int pieces,
            Split split,
            int every,
            int samplesEvery,
            int samples,
            int checkpointEvery,
            double maxKl,
            int maxFrames,
            Profiling profile,
            double loudness) {
        public EvaluationSettings {
            Checks.atLeast("prompts", prompts, 1);
            Checks.atLeast("pieces", pieces, 1);
            Checks.atLeast("every", every, 0);
            Checks.atLeast("samplesEvery", samplesEvery, 1);
            Checks.atLeast("samples", samples, 0);
            Checks.atLeast("checkpointEvery", checkpointEvery, 1);
            Checks.within("maxKl", maxKl, 1e-6, 1e6);
            Checks.atLeast("maxFrames", maxFrames, 16);
            Loudness.requireTarget("loudness", loudness);
        }

        public static EvaluationSettings defaults() {
            return new EvaluationSettings(
                    128, 128, Split.DEVELOPMENT, 0, 25, 4, 50, 2.0, 256, Profiling.defaults(), Loudness.STANDARD);
        }
    }
}
