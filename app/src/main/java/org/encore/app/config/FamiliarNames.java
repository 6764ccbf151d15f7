package org.encore.app.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.encore.base.settings.Inlined;

/** What the keys of other frameworks are called here; docs/configuration.md has the same table with its sources. */
final class FamiliarNames {
    private static final String KL = "kl.controller.coefficient";
    private static final String SAMPLES = "rollout.samplesPerPrompt";
    private static final String FRAMES = "rollout.maxFrames";
    private static final String MICRO_BATCH = "compute.microBatch";
    private static final String CHECKPOINTING = "compute.activationCheckpointing";
    private static final String EPOCHS = "policy.epochs";
    private static final String PROMPTS = "rollout.promptsPerIteration";

    private static final Map<String, List<String>> NAMES = Map.ofEntries(
            Map.entry("learning_rate", List.of("policy.optimiser.learningRate", "training.optimiser.learningRate")),
            Map.entry("lr", List.of("policy.optimiser.learningRate", "training.optimiser.learningRate")),
            Map.entry("alpha", List.of(KL)),
            Map.entry("kl_coef", List.of(KL)),
            Map.entry("init_kl_coef", List.of(KL)),
            Map.entry("beta", List.of(KL)),
            Map.entry("kl_estimator", List.of("kl.penalty.estimator")),
            Map.entry("kl_penalty", List.of("kl.penalty")),
            Map.entry("use_kl_loss", List.of("kl.penalty")),
            Map.entry("use_kl_in_reward", List.of("kl.penalty")),
            Map.entry("adap_kl_ctrl", List.of("kl.controller")),
            Map.entry("horizon", List.of("kl.controller.horizon")),
            Map.entry("target_kl", List.of("kl.controller.target")),
            Map.entry("adv_estimator", List.of("advantages.estimator")),
            Map.entry("advantage_estimator", List.of("advantages.estimator")),
            Map.entry("gamma", List.of("advantages.estimator.gamma")),
            Map.entry("lam", List.of("advantages.estimator.lambda")),
            Map.entry("lambd", List.of("advantages.estimator.lambda")),
            Map.entry("normalize_advantage", List.of("advantages.scale")),
            Map.entry("scale_rewards", List.of("advantages.scale")),
            Map.entry("cliprange", List.of("policy.objective.clipRange")),
            Map.entry("clip_ratio", List.of("policy.objective.clipRange")),
            Map.entry("eps_clip", List.of("policy.objective.clipRange")),
            Map.entry("epsilon", List.of("policy.objective.clipRange")),
            Map.entry("cliprange_value", List.of("value.objective.clipRange")),
            Map.entry("value_clip", List.of("value.objective.clipRange")),
            Map.entry("critic_warmup", List.of("value.warmupIterations")),
            Map.entry("freezing_steps", List.of("value.warmupIterations")),
            Map.entry("entropy_coeff", List.of("policy.entropyCoefficient")),
            Map.entry("ent_coef", List.of("policy.entropyCoefficient")),
            Map.entry("rollout_batch_size", List.of(PROMPTS)),
            Map.entry("train_batch_size", List.of(PROMPTS, "training.batch")),
            Map.entry("batch_size", List.of(PROMPTS, "training.batch")),
            Map.entry("num_generations", List.of(SAMPLES)),
            Map.entry("rloo_k", List.of(SAMPLES)),
            Map.entry("n_samples_per_prompt", List.of(SAMPLES)),
            Map.entry("response_length", List.of(FRAMES)),
            Map.entry("max_new_tokens", List.of(FRAMES)),
            Map.entry("max_completion_length", List.of(FRAMES)),
            Map.entry("num_ppo_epochs", List.of(EPOCHS)),
            Map.entry("ppo_epochs", List.of(EPOCHS)),
            Map.entry("num_mini_batches", List.of("policy.minibatches")),
            Map.entry("per_device_train_batch_size", List.of(MICRO_BATCH)),
            Map.entry("ppo_micro_batch_size", List.of(MICRO_BATCH)),
            Map.entry("micro_train_batch_size", List.of(MICRO_BATCH)),
            Map.entry("reward_weights", List.of("rewards")),
            Map.entry("max_steps", List.of("iterations", "training.steps")),
            Map.entry("gradient_checkpointing", List.of(CHECKPOINTING)),
            Map.entry("activation_checkpointing", List.of(CHECKPOINTING)),
            // What Encore itself called them in earlier versions.
            Map.entry("steps", List.of("iterations")),
            Map.entry("credit", List.of("advantages")),
            Map.entry("promptsPerStep", List.of(PROMPTS)),
            Map.entry("recompute", List.of(CHECKPOINTING)),
            Map.entry("warmupSteps", List.of("value.warmupIterations")),
            Map.entry("hearing", List.of("reward.learning.features")),
            Map.entry("max_grad_norm", List.of("policy.optimiser.maxGradNorm", "training.optimiser.maxGradNorm")));

    private FamiliarNames() {}

    /** The names that are known. */
    static Collection<String> known() {
        return NAMES.keySet();
    }

    /**
     * Tells what a key of another framework is called in a configuration.
     *
     * @param root the record that the whole configuration is read into
     * @return the end of a sentence; empty if the name is not known, or the configuration has nothing of the kind
     */
    static String hint(String name, Class<?> root) {
        return NAMES.getOrDefault(name, List.of()).stream()
                .filter(path -> exists(Stream.of(root), List.of(path.split("\\.", -1))))
                .findFirst()
                .map(path -> "; what other frameworks call " + name + " is " + path + " here")
                .orElse("");
    }

    private static boolean exists(Stream<? extends Class<?>> records, List<String> path) {
        return path.isEmpty()
                || records.flatMap(record -> Arrays.stream(record.getRecordComponents()))
                        .anyMatch(component -> exists(component, path));
    }

    private static boolean exists(RecordComponent component, List<String> path) {
        if (component.isAnnotationPresent(Inlined.class)) {
            return exists(records(component), path);
        }
        return component.getName().equals(path.get(0)) && exists(records(component), path.subList(1, path.size()));
    }

    /** The records that a component can hold. */
    private static Stream<? extends Class<?>> records(RecordComponent component) {
        Collection<Class<? extends Record>> kinds = Records.kinds(component).values();
        return kinds.isEmpty() ? records(component.getGenericType()) : kinds.stream();
    }

    private static Stream<? extends Class<?>> records(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return records(arguments[arguments.length - 1]);
        }
        Class<?> plain = (Class<?>) type;
        return plain.isRecord() ? Stream.of(plain) : Records.kinds(plain).values().stream();
    }
}
