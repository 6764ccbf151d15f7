package org.encore.preferences.training;

import java.util.ArrayList;
import java.util.List;
import org.encore.preferences.comparisons.Comparison;
import org.encore.rewards.learned.MeasuredPreference.Term;
import org.encore.rewards.learned.measures.PieceMeasure;

/**
 * Weights of the measures of pieces.
 *
 * @param values the measures of each clip, {@code [clips][measures]}
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
record MeasureFit(double[][] values) {
    private static final List<PieceMeasure> MEASURES = List.of(PieceMeasure.values());

    /** Fits as {@link LinearFit#fit} does. */
    List<Term> fit(List<Comparison> comparisons, List<Integer> clips, double strength) {
        LinearFit.Weights fitted = new LinearFit(values).fit(comparisons, clips, strength);
        List<Term> terms = new ArrayList<>();
        for (int m = 0; m < MEASURES.size(); m++) {
            terms.add(new Term(MEASURES.get(m), fitted.means()[m], fitted.scales()[m], fitted.weights()[m]));
        }
        return terms;
    }

    /** Scores of all clips. */
    double[] scores(List<Term> terms) {
        double[] scores = new double[values.length];
        for (int clip = 0; clip < scores.length; clip++) {
            for (int m = 0; m < terms.size(); m++) {
                scores[clip] += terms.get(m).of(values[clip][m]);
            }
        }
        return scores;
    }
}
