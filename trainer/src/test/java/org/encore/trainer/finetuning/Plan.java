package org.encore.trainer.finetuning;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.memory.MemoryBudget.Checkpointing;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.ParameterLayout;
import org.encore.music.corpus.Split;
import org.encore.rewards.mixture.Mixture.OnFailure;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.rewards.specs.RuleReward.NoteDensity;
import org.encore.run.ComputeSettings;
import org.encore.trainer.TinyWorld;
import org.encore.trainer.advantages.AdvantageEstimator;
import org.encore.trainer.advantages.AdvantageScale;
import org.encore.trainer.finetuning.FineTuneSettings.AdvantageSettings;
import org.encore.trainer.finetuning.FineTuneSettings.EvaluationSettings;
import org.encore.trainer.finetuning.FineTuneSettings.PolicySettings;
import org.encore.trainer.finetuning.FineTuneSettings.Rollout;
import org.encore.trainer.finetuning.FineTuneSettings.ValueSettings;
import org.encore.trainer.finetuning.ProfileWatch.Profiling;
import org.encore.trainer.kl.KlController;
import org.encore.trainer.kl.KlPenalty;
import org.encore.trainer.kl.KlPenalty.KlSettings;
import org.encore.trainer.objective.PolicyObjective;
import org.encore.trainer.objective.ValueObjective;
import org.encore.trainer.pretraining.CorpusSource;

/** Settings of a tiny run, one change at a time. */
final class Plan {
    private long seed = 7;
    private Path checkpoint = TinyWorld.base();
    private CorpusSource corpus = TinyWorld.corpus();
    private int steps = 3;
    private Rollout rollout =
            new Rollout(Rollout.PromptSet.TRAINING, 4, 1, TinyWorld.MAX_FRAMES, 0.0, 1.0, 1.0, 2, Packing.FLOAT32, 5);
    private List<RewardEntry> rewards = List.of(RewardEntry.defaults(NoteDensity.defaults()));
    private OnFailure onFailure = OnFailure.STOP;
    private AdvantageSettings advantages = AdvantageSettings.defaults();
    private KlSettings kl = KlSettings.defaults();
    private PolicySettings policy = policy(PolicyObjective.defaults(), 3e-3, 1, 1);
    private ValueSettings value = ValueSettings.defaults();
    private EvaluationSettings evaluation =
            new EvaluationSettings(2, 2, Split.DEVELOPMENT, 100, 0, 100, 100.0, 256, Profiling.defaults());
    private ComputeSettings compute = new ComputeSettings(2, 2, Checkpointing.AUTO);

    private static PolicySettings policy(PolicyObjective objective, double rate, int epochs, int minibatches) {
        return new PolicySettings(
                objective,
                new AdamW.Settings(rate, 0.9, 0.95, 1e-8, 0.0, 1.0),
                new Schedule.Constant(0),
                0.01,
                epochs,
                minibatches,
                0.0,
                List.of(ParameterLayout.Part.values()),
                Optional.empty());
    }

    Plan seed(long value) {
        seed = value;
        return this;
    }

    Plan from(Path base) {
        checkpoint = base;
        return this;
    }

    Plan steps(int value) {
        steps = value;
        return this;
    }

    Plan maxFrames(int value) {
        Rollout r = rollout;
        rollout = new Rollout(
                r.prompts(),
                r.promptsPerIteration(),
                r.samplesPerPrompt(),
                value,
                r.missingEndPenalty(),
                r.temperature(),
                r.guidanceScale(),
                r.batch(),
                r.packing(),
                r.maxSkippedInRow());
        return this;
    }

    Plan rollout(int prompts, int samplesEach, double temperature) {
        Rollout r = rollout;
        rollout = new Rollout(
                r.prompts(),
                prompts,
                samplesEach,
                r.maxFrames(),
                r.missingEndPenalty(),
                temperature,
                r.guidanceScale(),
                r.batch(),
                r.packing(),
                r.maxSkippedInRow());
        return this;
    }

    Plan missingEndPenalty(double value) {
        Rollout r = rollout;
        rollout = new Rollout(
                r.prompts(),
                r.promptsPerIteration(),
                r.samplesPerPrompt(),
                r.maxFrames(),
                value,
                r.temperature(),
                r.guidanceScale(),
                r.batch(),
                r.packing(),
                r.maxSkippedInRow());
        return this;
    }

    Plan targetKl(double value) {
        PolicySettings p = policy;
        policy = new PolicySettings(
                p.objective(),
                p.optimiser(),
                p.schedule(),
                p.entropyCoefficient(),
                p.epochs(),
                p.minibatches(),
                value,
                p.trained(),
                p.lora());
        return this;
    }

    Plan schedule(Schedule value) {
        PolicySettings p = policy;
        policy = new PolicySettings(
                p.objective(),
                p.optimiser(),
                value,
                p.entropyCoefficient(),
                p.epochs(),
                p.minibatches(),
                p.targetKl(),
                p.trained(),
                p.lora());
        return this;
    }

    Plan lora(LoraSettings settings) {
        PolicySettings p = policy;
        policy = new PolicySettings(
                p.objective(),
                p.optimiser(),
                p.schedule(),
                p.entropyCoefficient(),
                p.epochs(),
                p.minibatches(),
                p.targetKl(),
                p.trained(),
                Optional.of(settings));
        return this;
    }

    Plan guidance(double scale) {
        Rollout r = rollout;
        rollout = new Rollout(
                r.prompts(),
                r.promptsPerIteration(),
                r.samplesPerPrompt(),
                r.maxFrames(),
                r.missingEndPenalty(),
                r.temperature(),
                scale,
                r.batch(),
                r.packing(),
                r.maxSkippedInRow());
        return this;
    }

    Plan rewards(RewardEntry... entries) {
        rewards = List.of(entries);
        return this;
    }

    Plan onFailure(OnFailure value) {
        onFailure = value;
        return this;
    }

    Plan advantages(AdvantageEstimator estimator, AdvantageScale scale) {
        advantages = new AdvantageSettings(estimator, scale);
        return this;
    }

    Plan kl(KlPenalty penalty, KlController controller) {
        kl = new KlSettings(penalty, controller);
        return this;
    }

    Plan policy(PolicyObjective objective, double rate) {
        policy = policy(objective, rate, policy.epochs(), policy.minibatches());
        return this;
    }

    Plan passes(int epochs, int minibatches) {
        policy = policy(policy.objective(), policy.optimiser().learningRate(), epochs, minibatches);
        return this;
    }

    Plan value(ValueObjective objective, double rate, int warmupSteps) {
        value = new ValueSettings(
                objective,
                new AdamW.Settings(rate, 0.9, 0.95, 1e-8, 0.0, 1.0),
                new Schedule.Cosine(1, 0.1),
                warmupSteps);
        return this;
    }

    Plan evaluation(int prompts, int pieces, int samplesEvery, int samples) {
        EvaluationSettings e = evaluation;
        evaluation = new EvaluationSettings(
                prompts,
                pieces,
                e.split(),
                samplesEvery,
                samples,
                e.checkpointEvery(),
                e.maxKl(),
                e.maxFrames(),
                e.profile());
        return this;
    }

    Plan split(Split value) {
        EvaluationSettings e = evaluation;
        evaluation = new EvaluationSettings(
                e.prompts(),
                e.pieces(),
                value,
                e.samplesEvery(),
                e.samples(),
                e.checkpointEvery(),
                e.maxKl(),
                e.maxFrames(),
                e.profile());
        return this;
    }

    Plan checkpointEvery(int value) {
        EvaluationSettings e = evaluation;
        evaluation = new EvaluationSettings(
                e.prompts(),
                e.pieces(),
                e.split(),
                e.samplesEvery(),
                e.samples(),
                value,
                e.maxKl(),
                e.maxFrames(),
                e.profile());
        return this;
    }

    Plan maxKl(double value) {
        EvaluationSettings e = evaluation;
        evaluation = new EvaluationSettings(
                e.prompts(),
                e.pieces(),
                e.split(),
                e.samplesEvery(),
                e.samples(),
                e.checkpointEvery(),
                value,
                e.maxFrames(),
                e.profile());
        return this;
    }

    Plan profile(Profiling value) {
        EvaluationSettings e = evaluation;
        evaluation = new EvaluationSettings(
                e.prompts(),
                e.pieces(),
                e.split(),
                e.samplesEvery(),
                e.samples(),
                e.checkpointEvery(),
                e.maxKl(),
                e.maxFrames(),
                value);
        return this;
    }

    Plan compute(int shards, int microBatch) {
        compute = new ComputeSettings(shards, microBatch, Checkpointing.AUTO);
        return this;
    }

    Path checkpoint() {
        return checkpoint;
    }

    FineTuneSettings settings() {
        return new FineTuneSettings(
                seed,
                checkpoint,
                corpus,
                steps,
                rollout,
                rewards,
                onFailure,
                advantages,
                kl,
                policy,
                value,
                evaluation,
                compute);
    }
}
