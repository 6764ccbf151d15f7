package org.encore.rewards;

import java.util.List;

/** Scores each clip for itself: the simplest kind of reward to write. */
public interface SampleReward extends RewardModel {
    /** Scores one sample. */
    Score score(Sample sample);

    @Override
    default List<Score> score(List<Sample> batch) {
        return batch.stream().map(this::score).toList();
    }
}
