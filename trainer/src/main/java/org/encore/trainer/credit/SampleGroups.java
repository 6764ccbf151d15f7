package org.encore.trainer.credit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The samples of a batch by their prompt, in order of first appearance. */
final class SampleGroups {
    private final Map<Integer, List<Integer>> members = new LinkedHashMap<>();

    /** Collects the members of each group, which must be at least two. */
    SampleGroups(int[] groups) {
        for (int b = 0; b < groups.length; b++) {
            members.computeIfAbsent(groups[b], group -> new ArrayList<>()).add(b);
        }
        members.forEach((group, samples) -> {
            if (samples.size() < 2) {
                throw new IllegalArgumentException("group " + group
                        + " has 1 sample, but samples of a prompt can be compared only if there are at least 2;"
                        + " raise the number of samples per prompt");
            }
        });
    }

    /** The members of each group. */
    Collection<List<Integer>> all() {
        return members.values();
    }

    static double sum(List<Integer> samples, double[] amounts) {
        double sum = 0.0;
        for (int b : samples) {
            sum += amounts[b];
        }
        return sum;
    }
}
