package org.encore.app.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.encore.app.config.Records.Names;
import org.encore.base.settings.Inlined;

/** Names of keys in other frameworks and in earlier versions of Encore, with their present names. */
public final class FamiliarNames {
    private static final String RATE = "policy.optimiser.learningRate";
    private static final String PRETRAINING_RATE = "training.optimiser.learningRate";
    private static final String PROMPTS = "rollout.promptsPerIteration";
    private static final String CHECKPOINTING = "compute.activationCheckpointing";
    private static final String CLIP = "policy.objective.clipRange";
    private static final String VALUE_WARMUP = "value.warmupIterations";
    private static final String SEVERAL = "several";

    private static final List<Familiar> OTHERS = List.of(
            names(SEVERAL, "learning_rate", "lr")
                    .are("the value network has its own, `value.optimiser.learningRate`", RATE, PRETRAINING_RATE),
            names("MusicRL", "alpha").are("with `kl.penalty: exact-in-loss`", "kl.controller.coefficient"),
            names("TRL, OpenRLHF, verl, trlx", "kl_coef", "init_kl_coef", "beta")
                    .are("`initial` of `adaptive-coefficient`", "kl.controller.coefficient"),
            names("TRL, verl", "kl_estimator").are("`low_var_kl` is `k3`", "kl.penalty.estimator"),
            names("TRL, verl", "kl_penalty").are("", "kl.penalty"),
            names("verl, OpenRLHF", "use_kl_in_reward", "use_kl_loss")
                    .are("`sampled-in-reward` or `exact-in-loss`", "kl.penalty"),
            names("TRL (older), trlx, verl", "adap_kl_ctrl").are("`kind: adaptive-coefficient`", "kl.controller"),
            names("TRL (older), trlx, verl", "horizon").are("of `kind: adaptive-coefficient`", "kl.controller.horizon"),
            names("TRL (older), trlx, verl", "target_kl")
                    .are(
                            "as a limit that ends an iteration's updates, as in Stable-Baselines3: `policy.targetKl`; as one"
                                    + " that ends the run: `evaluation.maxKl`",
                            "kl.controller.target"),
            names("TRL", "missing_eos_penalty").are("", "rollout.missingEndPenalty"),
            names("verl, OpenRLHF", "adv_estimator", "advantage_estimator").are("", "advantages.estimator"),
            names("TRL, OpenRLHF, verl", "gamma").are("of `kind: gae`", "advantages.estimator.gamma"),
            names("TRL, OpenRLHF, verl", "lam", "lambd").are("of `kind: gae`", "advantages.estimator.lambda"),
            names(SEVERAL, "normalize_advantage", "no_std_norm", "scale_rewards")
                    .are("", "advantages.scale"),
            names("TRL, OpenRLHF", "whiten_rewards").are("`normaliser: running` of a reward", "rewards.normaliser"),
            names("TRL, verl, OpenRLHF", "cliprange", "clip_ratio", "eps_clip", "epsilon")
                    .are("of `kind: clipped-surrogate`", CLIP),
            names("TRL, OpenRLHF", "cliprange_value", "value_clip")
                    .are("of `kind: clipped-squared-error`", "value.objective.clipRange"),
            names("TRL, CleanRL", "vf_coef")
                    .are("no weight of the value loss: it has its own optimiser", "value.optimiser"),
            names("verl, OpenRLHF", "critic_warmup", "freezing_steps").are("", VALUE_WARMUP),
            names("verl, CleanRL", "entropy_coeff", "ent_coef").are("", "policy.entropyCoefficient"),
            names("OpenRLHF", "rollout_batch_size").are("counts prompts of a whole iteration", PROMPTS),
            names("verl, several", "train_batch_size", "batch_size")
                    .are("counts prompts or pieces of a whole update", PROMPTS, "training.batch"),
            names("TRL, OpenRLHF, verl", "num_generations", "rloo_k", "n_samples_per_prompt")
                    .are("", "rollout.samplesPerPrompt"),
            names("TRL, generation libraries", "response_length", "max_new_tokens", "max_completion_length")
                    .are("", "rollout.maxFrames"),
            names("TRL, verl", "num_ppo_epochs", "ppo_epochs").are("", "policy.epochs"),
            names("TRL, verl", "num_mini_batches", "ppo_mini_batch_size")
                    .are("a count, not a size", "policy.minibatches"),
            names(
                            "TRL, verl, OpenRLHF",
                            "per_device_train_batch_size",
                            "ppo_micro_batch_size",
                            "micro_train_batch_size",
                            "gradient_accumulation_steps")
                    .are("gradients are accumulated over as many micro-batches as it takes", "compute.microBatch"),
            names("Transformers", "eval_steps").are("with `eval_strategy: steps`", "evaluation.every"),
            names("Transformers", "metric_for_best_model", "load_best_model_at_end")
                    .are("of the referee, on development prompts", "selection.metric"),
            names("Transformers", "early_stopping_patience").are("", "selection.patience"),
            names("TRL", "reward_weights").are("`weight` of each reward", "rewards.weight"),
            names("TRL", "max_steps").are("", "iterations", "training.steps"),
            names("TRL", "total_episodes")
                    .are("times `rollout.promptsPerIteration` times `rollout.samplesPerPrompt`", "iterations"),
            names(SEVERAL, "gradient_checkpointing", "activation_checkpointing").are("", CHECKPOINTING),
            names(SEVERAL, "max_grad_norm")
                    .are(
                            "the value network has its own",
                            "policy.optimiser.maxGradNorm",
                            "training.optimiser.maxGradNorm"));

    private static final Map<String, String> FORMER_KEYS = Map.of(
            "steps",
            "iterations",
            "credit",
            "advantages",
            "promptsPerStep",
            PROMPTS,
            "recompute",
            CHECKPOINTING,
            "warmupSteps",
            VALUE_WARMUP,
            "hearing",
            "reward.learning.features");

    private static final Map<String, String> FORMER_VALUES = Map.of("half", "int16", "full", "float32");

    private FamiliarNames() {}

    /**
     * Names of keys in other frameworks.
     *
     * @param frameworks that use the names
     * @param names the names there
     * @param keys the keys here; the first one that the configuration has is used
     * @param note a note in Markdown; may be empty
     */
    public record Familiar(String frameworks, List<String> names, List<String> keys, String note) {
        public Familiar {
            names = List.copyOf(names);
            keys = List.copyOf(keys);
        }

        private Familiar are(String what, String... known) {
            return new Familiar(frameworks, names, List.of(known), what);
        }
    }

    private static Familiar names(String frameworks, String... names) {
        return new Familiar(frameworks, List.of(names), List.of(), "");
    }

    /** The names of other frameworks, as docs/configuration.md lists them. */
    public static List<Familiar> ofOtherFrameworks() {
        return OTHERS;
    }

    /**
     * The present name of a key of another framework or of an earlier version.
     *
     * @param root the record that the whole configuration is read into
     * @return the end of a sentence; empty if the name is not known, or the configuration has nothing of the kind
     */
    static String hint(String name, Class<?> root) {
        String former = FORMER_KEYS.get(name);
        if (former != null && exists(root, former)) {
            return "; " + name + " is now called " + former;
        }
        return OTHERS.stream()
                .filter(each -> each.names().contains(name))
                .flatMap(each -> each.keys().stream())
                .filter(key -> exists(root, key))
                .findFirst()
                .map(key -> "; what other frameworks call " + name + " is " + key + " here")
                .orElse("");
    }

    /**
     * The present name of a value of an earlier version.
     *
     * @param type what must be written
     * @param value what was written
     * @return the end of a sentence; empty if the type never had that value
     */
    static String hintAtValue(Type type, String value) {
        return Optional.ofNullable(FORMER_VALUES.get(value))
                .filter(now -> type instanceof Class<?> plain
                        && plain.isEnum()
                        && Names.constants(plain).containsKey(now))
                .map(now -> "; " + value + " is now called " + now)
                .orElse("");
    }

    /** Whether a configuration can have the key, with some kinds. */
    static boolean exists(Class<?> root, String key) {
        return exists(Stream.of(root), List.of(key.split("\\.", -1)));
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
