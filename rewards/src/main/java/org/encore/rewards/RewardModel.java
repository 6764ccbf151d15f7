package org.encore.rewards;

import java.util.List;

/**
 * Scores clips.
 *
 * <p>The contract:
 *
 * <ul>
 *   <li>one score per sample, in their order;
 *   <li>each score finite, or an abstention;
 *   <li>deterministic: the same sample gives the same score, whatever else is in the batch, now and after a restart;
 *   <li>called from one thread at a time, unless the class says that it is thread-safe.
 * </ul>
 */
public interface RewardModel {
    /** The name in metrics and messages: letters, digits, dots, dashes and underscores. */
    String id();

    /**
     * Scores a batch.
     *
     * @param batch at least one sample
     * @return the scores, in the order of the samples
     */
    List<Score> score(List<Sample> batch);
}
