package org.encore.music.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.encore.music.Note;
import org.encore.music.Piece;

/**
 * How new pieces are: the share of n-grams that a set does not repeat, and how much of a piece is in one training piece.
 *
 * <p>An n-gram is a run of n moves from note to note, drums apart, in the order of onset and instrument: the interval in
 * semitones and the distance of the onsets in ticks. So transposed music counts as the same. The choice of moves is ours.
 *
 * @paper distinct n-grams: Li et al. 2016, A diversity-promoting objective function, <a
 *     href="https://arxiv.org/abs/1510.03055">arXiv 1510.03055</a>
 */
public final class Novelty {
    /** Moves of an n-gram of {@link #distinct}. */
    public static final int SHORT = 4;

    /** Moves of an n-gram of {@link #nearest}: longer than what pieces of one style share by chance. */
    public static final int LONG = 8;

    private final Map<List<Integer>, int[]> places = new HashMap<>();
    private final int pieces;

    /** Indexes training pieces. */
    public Novelty(List<Piece> training) {
        Map<List<Integer>, Set<Integer>> found = new HashMap<>();
        for (int i = 0; i < training.size(); i++) {
            for (List<Integer> gram : grams(training.get(i), LONG)) {
                found.computeIfAbsent(gram, unused -> new HashSet<>()).add(i);
            }
        }
        found.forEach((gram, in) -> places.put(
                gram, in.stream().mapToInt(Integer::intValue).sorted().toArray()));
        pieces = training.size();
    }

    /**
     * The largest share of a piece's n-grams of {@value #LONG} moves that one training piece has.
     *
     * @return in [0, 1]: 1 for a copy; NaN for a piece too short to have an n-gram
     */
    public double nearest(Piece piece) {
        List<List<Integer>> grams = grams(piece, LONG);
        int[] counts = new int[pieces];
        int most = 0;
        for (List<Integer> gram : grams) {
            for (int in : places.getOrDefault(gram, new int[0])) {
                counts[in]++;
                most = Math.max(most, counts[in]);
            }
        }
        return grams.isEmpty() ? Double.NaN : (double) most / grams.size();
    }

    /**
     * The number of different n-grams of {@value #SHORT} moves in a set over that of all: falls when a policy writes the same
     * again and again. Compare only sets of about equal size.
     *
     * @return in [0, 1]; NaN without an n-gram
     */
    public static double distinct(List<Piece> pieces) {
        Set<List<Integer>> different = new HashSet<>();
        int all = 0;
        for (Piece piece : pieces) {
            List<List<Integer>> grams = grams(piece, SHORT);
            different.addAll(grams);
            all += grams.size();
        }
        return all == 0 ? Double.NaN : (double) different.size() / all;
    }

    private static List<List<Integer>> grams(Piece piece, int moves) {
        List<Note> notes = piece.notes().stream()
                .filter(note -> !note.instrument().isDrums())
                .toList();
        List<Integer> steps = new ArrayList<>();
        for (int i = 1; i < notes.size(); i++) {
            steps.add(notes.get(i).pitch() - notes.get(i - 1).pitch());
            steps.add(notes.get(i).onset() - notes.get(i - 1).onset());
        }
        List<List<Integer>> grams = new ArrayList<>();
        for (int from = 0; from + 2 * moves <= steps.size(); from += 2) {
            grams.add(List.copyOf(steps.subList(from, from + 2 * moves)));
        }
        return grams;
    }
}
