package org.encore.music.corpus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The two sets of held-out items, which have none in common.
 *
 * <p>Who chooses settings, checkpoints or rewards by held-out figures makes these figures too good. Final figures are
 * therefore measured on items by which nothing was chosen.
 */
public enum Split {
    /** What choices are made by; the default everywhere. */
    DEVELOPMENT,
    /** For final figures alone. */
    TEST;

    private static final int TEST_PER_CENT = 50;

    /**
     * Of the names of held-out items, those of this set: about half of them, by hash, so that other items move none. Of
     * two names or more at least one is in each set; of a single one, the test has nothing.
     */
    Set<String> of(Collection<String> names) {
        List<String> ranked = new ArrayList<>(new TreeSet<>(names));
        ranked.sort(Comparator.comparingInt(Split::perCent).thenComparing(name -> name));
        long share =
                ranked.stream().filter(name -> perCent(name) < TEST_PER_CENT).count();
        int tested = (int) Math.min(Math.max(share, 1), ranked.size() - 1);
        return Set.copyOf(this == TEST ? ranked.subList(0, tested) : ranked.subList(tested, ranked.size()));
    }

    /** Apart from the hash that decides what is held out. */
    private static int perCent(String name) {
        return new Digest().add("split").add(name).perCent();
    }
}
