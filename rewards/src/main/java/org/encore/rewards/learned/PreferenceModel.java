package org.encore.rewards.learned;

import java.util.List;
import org.encore.model.decoding.CodeSequence;

/** Gives clips scores of which the differences are log-odds of being preferred. */
public interface PreferenceModel extends AutoCloseable {
    /** What it is shown of a clip. */
    ClipReading reading();

    /** The longest clip it reads, in frames. */
    int mostFrames();

    /**
     * Scores clips, each for itself.
     *
     * @param clips as {@link ClipReading} gives them, at least one
     * @return as many finite scores, in their order
     */
    double[] scores(List<CodeSequence> clips);

    @Override
    void close();
}
