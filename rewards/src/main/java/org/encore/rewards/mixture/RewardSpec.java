package org.encore.rewards.mixture;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.encore.rewards.RewardModel;

/**
 * The settings of a reward, and how it is made from them: a record for each kind.
 *
 * <p>What its {@code defaults()} leaves null has no default: a configuration must say it.
 */
public interface RewardSpec {
    /**
     * Makes the reward.
     *
     * @param id its name in metrics
     * @throws org.encore.base.files.InvalidFileException if a file is missing or not of the right kind
     * @throws IllegalArgumentException if something else is not as it must be
     */
    RewardModel reward(String id);

    /**
     * Looks for what the reward needs besides its settings, cheaply.
     *
     * @throws org.encore.base.files.InvalidFileException if a file is missing or not of the right kind
     * @throws IllegalArgumentException if something else is not as it must be
     */
    default void requireUsable(String id) {}

    /** The same with its files looked for elsewhere; as it is, if it has none. */
    default RewardSpec located(UnaryOperator<Path> locate) {
        return this;
    }

    /** How its scores come to the common scale, unless a configuration says otherwise. */
    default Normaliser usualNormaliser() {
        return Normaliser.defaults();
    }
}
