package org.encore.trainer.finetuning;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
import org.encore.trainer.finetuning.CheckpointChoice.Selection;
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
import org.encore.trainer.value.ValueNetwork;

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
            new EvaluationSettings(2, 2, Split.DEVELOPMENT, 0, 100, 0, 100, 100.0, 256, Profiling.defaults(), 0.0);
    private Selection selection = Selection.defaults();
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

    Plan corpus(CorpusSource source) {
        corpus = source;
        return this;
    }

    Plan steps(int value) {
        steps = value;
        return this;
    }

    Plan maxFrames(int value) {
        rollout = with(rollout, Map.of("maxFrames", value));
        return this;
    }

    Plan rollout(int prompts, int samplesEach, double temperature) {
        rollout = with(
                rollout,
                Map.of("promptsPerIteration", prompts, "samplesPerPrompt", samplesEach, "temperature", temperature));
        return this;
    }

    Plan missingEndPenalty(double value) {
        rollout = with(rollout, Map.of("missingEndPenalty", value));
        return this;
    }

    Plan targetKl(double value) {
        policy = with(policy, Map.of("targetKl", value));
        return this;
    }

    Plan schedule(Schedule value) {
        policy = with(policy, Map.of("schedule", value));
        return this;
    }

    Plan lora(LoraSettings settings) {
        policy = with(policy, Map.of("lora", Optional.of(settings)));
        return this;
    }

    Plan guidance(double scale) {
        rollout = with(rollout, Map.of("guidanceScale", scale));
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
                value.network(),
                objective,
                new AdamW.Settings(rate, 0.9, 0.95, 1e-8, 0.0, 1.0),
                new Schedule.Cosine(1, 0.1),
                warmupSteps);
        return this;
    }

    Plan network(ValueNetwork network) {
        value = with(value, Map.of("network", network));
        return this;
    }

    Plan evaluation(int prompts, int pieces, int samplesEvery, int samples) {
        evaluation = with(
                evaluation,
                Map.of("prompts", prompts, "pieces", pieces, "samplesEvery", samplesEvery, "samples", samples));
        return this;
    }

    Plan split(Split value) {
        evaluation = with(evaluation, Map.of("split", value));
        return this;
    }

    Plan checkpointEvery(int value) {
        evaluation = with(evaluation, Map.of("checkpointEvery", value));
        return this;
    }

    Plan maxKl(double value) {
        evaluation = with(evaluation, Map.of("maxKl", value));
        return this;
    }

    Plan profile(Profiling value) {
        evaluation = with(evaluation, Map.of("profile", value));
        return this;
    }

    /** Evaluates while it trains, and chooses a step. */
    Plan chosen(int every, Selection rule) {
        evaluation = with(evaluation, Map.of("every", every));
        selection = rule;
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
                selection,
                compute);
    }

    /** A record like another but for some components, by their names. */
    @SuppressWarnings("unchecked") // the constructor is of the record's own class
    private static <R extends Record> R with(R record, Map<String, Object> changed) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        Set<String> unused = new HashSet<>(changed.keySet());
        try {
            for (int i = 0; i < components.length; i++) {
                String name = components[i].getName();
                types[i] = components[i].getType();
                values[i] = unused.remove(name)
                        ? changed.get(name)
                        : components[i].getAccessor().invoke(record);
            }
            if (!unused.isEmpty()) {
                throw new IllegalArgumentException(record.getClass() + " has no component " + unused);
            }
            return (R) record.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException refused) {
            // What the record itself says of a value.
            throw (RuntimeException) refused.getCause();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
