package org.encore.rewards.networks;

import java.util.List;

/**
 * Numbers with a name, as they are stored.
 *
 * @param name unique in its file
 * @param shape how many along each axis
 * @param values row-major; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record Weight(String name, List<Integer> shape, float[] values) {
    public Weight {
        shape = List.copyOf(shape);
    }
}
