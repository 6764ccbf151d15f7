package org.encore.rewards.mixture;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.encore.rewards.RewardModel;

/**
 * The settings of a reward, which build it: one record for each kind.
 *
 * <p>Values that {@code defaults()} leaves null are required in configurations.
 */
public interface RewardSpec {
    /**
     * Builds the reward.
     *
     * @param id its name in metrics
     * @throws org.encore.base.files.InvalidFileException if a file is missing or not of the right kind
     * @throws IllegalArgumentException if something else is not as it must be
     */
    RewardModel reward(String id);

    /**
     * Checks that the files of the reward exist, without loading them.
     *
     * @throws org.encore.base.files.InvalidFileException if a file is missing or not of the right kind
     * @throws IllegalArgumentException if something else is not as it must be
     */
    default void requireUsable(String id) {}

    /** Whether the reward scores only samples whose prompts have known attributes. */
    default boolean needsAttributes() {
        return false;
    }

    /** The same settings with other locations of files; this one if there are none. */
    default RewardSpec located(UnaryOperator<Path> locate) {
        return this;
    }

    /** The default normaliser of the kind. */
    default Normaliser usualNormaliser() {
        return Normaliser.defaults();
    }
}
