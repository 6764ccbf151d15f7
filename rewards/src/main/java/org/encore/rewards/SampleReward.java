package org.encore.rewards;

import java.util.List;

/** A reward that scores each sample separately: the simplest kind to write. */
public interface SampleReward extends RewardModel {
    /** Scores one sample. */
    Score score(Sample sample);

    @Override
    default List<Score> score(List<Sample> batch) {
        return batch.stream().map(this::score).toList();
    }
}
