package org.encore.rewards.trained;

import java.io.IOException;
import java.util.List;
import org.encore.rewards.Sample;

/** Plays what rewards are measured on: pieces of a policy for prompts that no training saw. */
@FunctionalInterface
public interface PolicySamples {
    /** Plays a piece for each of the first held-out prompts. */
    List<Sample> play(int count) throws IOException;
}
