package org.encore.evaluation.profile;

import java.util.Arrays;
import java.util.List;
import org.encore.evaluation.statistics.Bootstrap;

/**
 * What a profile is made of.
 *
 * @param onset first damaged frame, at least 1
 * @param lengths of the damaged stretch, rising, all in one unit
 * @param recovery frames that every piece must have behind its damage, at least 1
 * @param count pieces
 * @param bootstrap how intervals are found, over pieces
 */
public record ProfileSettings(int onset, List<WindowLength> lengths, int recovery, int count, Bootstrap bootstrap) {
    public ProfileSettings {
        lengths = List.copyOf(lengths);
        requireAtLeast("onset", onset, 1);
        requireAtLeast("recovery", recovery, 1);
        requireAtLeast("count", count, 2);
        if (lengths.isEmpty()) {
            throw new IllegalArgumentException("lengths is empty, but must name at least one");
        }
        for (int i = 1; i < lengths.size(); i++) {
            WindowLength before = lengths.get(i - 1);
            if (before.unit() != lengths.get(i).unit()
                    || before.amount() >= lengths.get(i).amount()) {
                throw new IllegalArgumentException("lengths has " + before.label() + " before "
                        + lengths.get(i).label() + ", but must rise, all in codes or all in seconds");
            }
        }
    }

    /** The paper's lengths on 64 pieces; onset and recovery are ours, because études have at most 256 codes. */
    public static ProfileSettings defaults() {
        return new ProfileSettings(32, codes(5, 10, 50, 100, 150, 200), 16, 64, new Bootstrap(1000, 0));
    }

    /** Lengths in codes. */
    public static List<WindowLength> codes(int... lengths) {
        return Arrays.stream(lengths).mapToObj(WindowLength::codes).toList();
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least " + least);
        }
    }
}
