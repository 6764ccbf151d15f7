package org.encore.rewards.preference;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.decoding.CodeSequence;
import org.encore.music.Piece;

/**
 * Scores whole pieces, however long: one that exceeds the model's window scores the mean of its windows.
 *
 * @param model what scores the windows, written in its codec
 */
public record PieceScores(PreferenceModel model) {
    /**
     * A piece and what it was made for.
     *
     * @param prompt the caption
     * @param piece the notes
     */
    public record Asked(String prompt, Piece piece) {}

    /**
     * Scores pieces, each for itself.
     *
     * @return in the order of the pieces
     */
    public double[] of(List<Asked> pieces) {
        List<CodeSequence> windows = new ArrayList<>();
        int[] ends = new int[pieces.size()];
        for (int i = 0; i < ends.length; i++) {
            Asked asked = pieces.get(i);
            windows.addAll(model.reading().windows(asked.piece, asked.prompt, model.codec(), model.mostFrames()));
            ends[i] = windows.size();
        }
        double[] ofWindows = windows.isEmpty() ? new double[0] : model.scores(windows);
        double[] scores = new double[ends.length];
        int window = 0;
        for (int i = 0; i < ends.length; i++) {
            int first = window;
            for (; window < ends[i]; window++) {
                scores[i] += ofWindows[window] / (ends[i] - first);
            }
        }
        return scores;
    }
}
