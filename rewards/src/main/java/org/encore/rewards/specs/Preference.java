package org.encore.rewards.specs;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.encore.base.settings.Checks;
import org.encore.rewards.RewardModel;
import org.encore.rewards.mixture.RewardSpec;
import org.encore.rewards.preference.PreferenceReward;

/**
 * {@link PreferenceReward}.
 *
 * @param model the directory that a training has written
 */
public record Preference(Path model) implements RewardSpec {
    public Preference {
        Checks.notBlank("model", model.toString(), "the directory of a preference model; preferences train makes one");
    }

    /** The model that a training under {@code runs/preference} leaves. */
    public static Preference defaults() {
        return new Preference(Path.of("runs/preference/model"));
    }

    @Override
    public Preference located(UnaryOperator<Path> locate) {
        return new Preference(locate.apply(model));
    }

    @Override
    public RewardModel reward(String id) {
        return PreferenceReward.of(id, model);
    }
}
