package org.encore.preferences.comparisons;

import java.util.List;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.BradleyTerry;
import org.encore.statistics.Interval;

/**
 * How well margins predict strict votes.
 *
 * @param pairs strict votes
 * @param right how many prefer the clip of the higher score; equal scores count one half
 * @param margin mean margin towards the preferred clip, in nats
 * @param logLoss mean of -log sigmoid of that margin, in nats; log 2 = 0.693 is chance
 * @param calibrationError expected calibration error in ten bins: how far, on average, the share of right votes lies from
 *     the probability that was given to them
 */
public record PairMetrics(int pairs, double right, double margin, double logLoss, double calibrationError) {
    private static final int BINS = 10;
    private static final int REPLICATES = 2000;
    private static final long SEED = 1;

    /** Share of the strict votes that are right; NaN without any. */
    public double accuracy() {
        return right / pairs;
    }

    /**
     * Compares margins with votes.
     *
     * @param scores of all clips
     */
    public static PairMetrics of(List<Comparison> comparisons, double[] scores) {
        int pairs = 0;
        double right = 0.0;
        double margins = 0.0;
        double logLoss = 0.0;
        double[][] bins = new double[BINS][3];
        for (Comparison vote : comparisons) {
            if (vote.isStrict()) {
                double margin = margin(vote, scores);
                double hit = hit(vote, scores);
                // 1/2 to 1: the probability given to whichever clip the scores favour.
                double confidence = BradleyTerry.logistic(Math.abs(margin));
                double[] bin = bins[Math.min(BINS - 1, (int) (2.0 * BINS * (confidence - 0.5)))];
                bin[0]++;
                bin[1] += hit;
                bin[2] += confidence;
                pairs++;
                right += hit;
                margins += margin;
                logLoss += Math.max(0.0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
            }
        }
        double error = 0.0;
        for (double[] bin : bins) {
            error += Math.abs(bin[1] - bin[2]) / pairs;
        }
        return new PairMetrics(pairs, right, margins / pairs, logLoss / pairs, error);
    }

    /**
     * Difference in accuracy between two predictors on the same strict votes, with a paired bootstrap interval. The bootstrap
     * draws captions, because votes on the same clips vary together; its interval is narrower than those of the two
     * accuracies, because votes that nobody could predict count for both.
     *
     * @param scores of all clips of the set
     * @param reference of the same clips by another predictor
     * @return accuracy of the scores minus that of the reference
     */
    public static Interval accuracyDifference(ComparisonSet set, double[] scores, double[] reference) {
        List<Comparison> strict = set.strict();
        return new Bootstrap(REPLICATES, SEED)
                .pairedDifference(
                        strict.stream()
                                .map(vote -> set.clips().get(vote.a()).prompt())
                                .toList(),
                        strict.stream().mapToDouble(vote -> hit(vote, scores)).toArray(),
                        strict.stream()
                                .mapToDouble(vote -> hit(vote, reference))
                                .toArray());
    }

    /** 1 for a strict vote that the scores predict, one half if they are equal, else 0. */
    private static double hit(Comparison vote, double[] scores) {
        double margin = margin(vote, scores);
        return margin > 0.0 ? 1.0 : margin == 0.0 ? 0.5 : 0.0;
    }

    private static double margin(Comparison vote, double[] scores) {
        return vote.outcome() * (scores[vote.a()] - scores[vote.b()]);
    }
}
