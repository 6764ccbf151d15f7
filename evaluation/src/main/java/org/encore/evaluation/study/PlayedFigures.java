package org.encore.evaluation.study;

import java.util.ArrayList;
import java.util.List;
import org.encore.music.Piece;
import org.encore.music.analysis.Adherence;
import org.encore.music.analysis.MusicalMeasures;
import org.encore.music.text.Prompt;

/**
 * What the referee says of pieces, one by one.
 *
 * @param adherence to the prompt, {@code [N]}
 * @param measures of the music, {@code [N][M]}
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record PlayedFigures(double[] adherence, double[][] measures) {
    /** Judges pieces that were played for prompts. */
    public static PlayedFigures of(List<Prompt> prompts, List<Piece> pieces) {
        double[] adherence = new double[pieces.size()];
        List<double[]> measures = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            adherence[i] =
                    Adherence.of(prompts.get(i).attributes(), pieces.get(i)).mean();
            measures.add(measures(pieces.get(i)));
        }
        return new PlayedFigures(adherence, measures.toArray(double[][]::new));
    }

    private static double[] measures(Piece piece) {
        MusicalMeasures m = MusicalMeasures.of(piece);
        return new double[] {
            m.consonance(),
            m.metreClarity(),
            m.repetition(),
            m.pitchRange(),
            m.notesPerSecond(),
            m.polyphony(),
            piece.seconds()
        };
    }

    /** Number of pieces. */
    public int count() {
        return adherence.length;
    }

    /** One measure of some pieces. */
    double[] column(int measure, int[] pieces) {
        double[] column = new double[pieces.length];
        for (int i = 0; i < column.length; i++) {
            column[i] = measures[pieces[i]][measure];
        }
        return column;
    }
}
