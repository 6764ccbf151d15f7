package org.encore.rewards.specs;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.encore.base.files.InvalidFileException;
import org.encore.rewards.RewardModel;
import org.encore.rewards.adherence.TextAdherence;
import org.encore.rewards.mixture.RewardSpec;
import org.encore.rewards.onnx.Onnx;
import org.encore.rewards.quality.AudioQuality;
import org.encore.rewards.service.Service;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.rewards.trained.RewardKind;
import org.encore.rewards.trained.RewardKind.RewardTraining;

/** The kinds of rewards by their names in configurations and {@code reward.json}. */
public final class RewardKinds {
    /** The kinds that {@code rewards train} trains, with their defaults: one line for each. */
    private static final List<RewardKind> LEARNED = List.of(TextAdherence.defaults(), AudioQuality.defaults());

    private RewardKinds() {}

    /** All kinds. */
    static Map<String, Class<? extends Record>> rewards() {
        Map<String, Class<? extends Record>> kinds = new LinkedHashMap<>();
        kinds.put("rule-adherence", RuleReward.RuleAdherence.class);
        kinds.put("consonance", RuleReward.Consonance.class);
        kinds.put("note-density", RuleReward.NoteDensity.class);
        kinds.put("length", RuleReward.Length.class);
        kinds.put("preference", Preference.class);
        LEARNED.forEach(kind -> kinds.put(kind.name(), kind.getClass().asSubclass(Record.class)));
        kinds.put("java", Java.class);
        kinds.put("onnx", Onnx.class);
        kinds.put("service", Service.class);
        return kinds;
    }

    /**
     * The name of the kind of a reward.
     *
     * @throws IllegalArgumentException if it is not one of {@link #rewards}
     */
    static String nameOf(RewardSpec reward) {
        return rewards().entrySet().stream()
                .filter(kind -> kind.getValue().isInstance(reward))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(reward + " is of no kind that has a name"));
    }

    /**
     * The kind of the reward in a directory.
     *
     * @throws InvalidFileException if the kind is unknown
     */
    public static RewardKind of(RewardDirectory directory) {
        return LEARNED.stream()
                .filter(kind -> kind.name().equals(directory.kind()))
                .findFirst()
                .orElseThrow(() -> new InvalidFileException(
                        directory.path().resolve(RewardDirectory.DESCRIPTION),
                        "kind is \"" + directory.kind() + "\", but must be one of "
                                + LEARNED.stream().map(RewardKind::name).toList()));
    }

    /**
     * Builds the learned reward in a directory, whatever its kind.
     *
     * @param id its name in metrics
     * @throws InvalidFileException if the directory holds none
     */
    public static RewardModel open(String id, Path path) {
        return of(RewardDirectory.open(path)).located(shipped -> path).reward(id);
    }

    /**
     * Configuration of {@code rewards train}.
     *
     * @param reward kind of reward to train
     */
    public record TrainingSpec(RewardTraining reward) {
        public TrainingSpec {
            Objects.requireNonNull(reward, "reward");
        }

        /** The settings of each kind of training. */
        public static Map<String, Class<? extends Record>> kinds() {
            Map<String, Class<? extends Record>> kinds = new LinkedHashMap<>();
            LEARNED.forEach(kind -> kinds.put(kind.name(), kind.training()));
            return kinds;
        }
    }
}
