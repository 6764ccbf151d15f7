package org.encore.preferences.comparisons;

import java.util.List;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;

/**
 * How probable a vote is, given the margin of its pair: Bradley and Terry, with ties after Davidson.
 *
 * <p>With margin d and tie parameter t, clip a is preferred in proportion to exp(d/2), clip b to exp(-d/2), and a tie has
 * exp(t). Without ties this is the loss of the paper, -log sigmoid(d) for a vote for a. The paper does not say what it did
 * with ties.
 *
 * @param tie the parameter t; negative infinity if there are no ties
 */
public record PairLikelihood(double tie) {
    public PairLikelihood {
        if (Double.isNaN(tie) || tie == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("tie is " + tie + ", but must be finite or negative infinity");
        }
    }

    /** With the tie parameter that gives pairs of margin 0 the share of ties that the votes have. */
    public static PairLikelihood of(List<Comparison> comparisons) {
        double ties = comparisons.stream().filter(each -> !each.isStrict()).count();
        double strict = comparisons.size() - ties;
        if (strict == 0.0) {
            throw new IllegalArgumentException(
                    "all " + comparisons.size() + " votes are ties, but some must be strict");
        }
        return new PairLikelihood(Math.log(2.0 * ties / strict));
    }

    /**
     * Minus the log-probability of a vote, in nats.
     *
     * @param margin score of a minus score of b
     * @param outcome 1 for a, -1 for b, 0 for a tie
     */
    public double loss(double margin, int outcome) {
        double half = Math.abs(margin) / 2.0;
        double most = Math.max(half, tie);
        double logSum = most + Math.log(Math.exp(half - most) + Math.exp(-half - most) + Math.exp(tie - most));
        return logSum - (outcome == 0 ? tie : outcome * margin / 2.0);
    }

    /** Derivative of the loss by the margin. */
    public double gradient(double margin, int outcome) {
        double half = Math.abs(margin) / 2.0;
        double most = Math.max(half, tie);
        double up = Math.exp(margin / 2.0 - most);
        double down = Math.exp(-margin / 2.0 - most);
        return (up - down) / (up + down + Math.exp(tie - most)) / 2.0 - outcome / 2.0;
    }
}
