package org.encore.preferences.listening.clips;

import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.encore.music.codec.Clip;

/** Lets a checkpoint play; what that takes is the business of whoever knows the machine. */
public interface CheckpointPlayer {
    /**
     * Refuses a checkpoint that could not play, without loading its weights.
     *
     * @throws IllegalArgumentException or a kind of {@link IOException} in one line
     */
    void check(ClipSource.Checkpoint system) throws IOException;

    /**
     * Plays one clip for each prompt.
     *
     * @param streams randomness of each clip, by the index of its prompt
     */
    List<Clip> play(ClipSource.Checkpoint system, List<String> prompts, IntFunction<RandomGenerator> streams)
            throws IOException;
}
