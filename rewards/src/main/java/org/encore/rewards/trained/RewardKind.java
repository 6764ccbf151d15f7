package org.encore.rewards.trained;

import java.io.IOException;
import org.encore.music.files.InvalidFileException;
import org.encore.rewards.RewardModel;

/** A kind of learned reward: how it comes from a directory, and what is measured of it. */
public interface RewardKind {
    /** With fewer clips no figure means anything. */
    int FEWEST_CLIPS = 10;

    /** What {@code reward.json} calls it. */
    String name();

    /** Whether a score depends on the caption. */
    boolean readsCaptions();

    /** Whether {@link #evaluate} measures it on what a policy plays. */
    boolean hearsPolicy();

    /**
     * Builds the reward.
     *
     * @param id its name in metrics
     * @throws InvalidFileException if the directory does not hold what it must
     */
    RewardModel open(String id, RewardDirectory directory) throws IOException;

    /**
     * Measures the reward on data that training never saw.
     *
     * @param clips how many clips, at least {@value #FEWEST_CLIPS}
     * @param policy plays what a policy makes of held-out prompts
     */
    RewardReport evaluate(RewardDirectory directory, int clips, PolicySamples policy, LearningProgress progress)
            throws IOException;
}
