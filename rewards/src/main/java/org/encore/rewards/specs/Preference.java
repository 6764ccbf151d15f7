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
 * @param model directory of the trained preference model
 */
public record Preference(Path model) implements RewardSpec {
    public Preference {
        Checks.notBlank("model", model.toString(), "the directory of a preference model; preferences train makes one");
    }

    /** The model of a training in {@code runs/preference}. */
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
