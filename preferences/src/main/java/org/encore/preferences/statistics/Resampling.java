package org.encore.preferences.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.preferences.Vote;

/**
 * What a bootstrap draws with replacement. Votes that belong together, because one rater gave them or because they are about
 * one prompt, vary together; drawing single votes would make intervals too narrow.
 */
public enum Resampling {
    /** Single votes. */
    VOTES,
    /** All votes of a rater at once. */
    RATERS,
    /** All votes on a prompt at once. */
    PROMPTS;

    /** Of fewer groups a bootstrap says little. */
    private static final int FEWEST_GROUPS = 20;

    /** Raters if there are at least 20, else prompts if there are as many, else single votes. */
    public static Resampling natural(List<Vote> votes) {
        if (RATERS.groups(votes).size() >= FEWEST_GROUPS) {
            return RATERS;
        }
        return PROMPTS.groups(votes).size() >= FEWEST_GROUPS ? PROMPTS : VOTES;
    }

    /** The votes in the groups that are drawn. */
    List<List<Vote>> groups(List<Vote> votes) {
        return switch (this) {
            case VOTES -> votes.stream().map(List::of).toList();
            case RATERS -> Contest.grouped(votes, Vote::rater);
            case PROMPTS -> Contest.grouped(votes, Vote::prompt);
        };
    }

    /** As many elements as there are, drawn with replacement. */
    static <T> List<T> drawn(List<T> elements, RandomGenerator random) {
        List<T> drawn = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            drawn.add(elements.get(random.nextInt(elements.size())));
        }
        return drawn;
    }
}
