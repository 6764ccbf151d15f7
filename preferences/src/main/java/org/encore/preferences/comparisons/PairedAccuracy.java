package org.encore.preferences.comparisons;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.statistics.Interval;

/**
 * How much more often some scores foretell strict votes than others do, on the same votes: what the two have in common, such
 * as votes that nobody could foretell, cancels out, so that the interval is narrower than those of the two accuracies.
 */
public final class PairedAccuracy {
    private static final int REPLICATES = 2000;
    private static final long SEED = 1;

    private PairedAccuracy() {}

    /**
     * The difference of two accuracies.
     *
     * @param scores of all clips of the set
     * @param reference of the same clips by another predictor
     * @return accuracy of the scores less that of the reference; the interval is a bootstrap that draws captions, because
     *     votes on the same clips vary together
     */
    public static Interval difference(ComparisonSet set, double[] scores, double[] reference) {
        double[][] captions = byCaption(set, scores, reference);
        RandomGenerator random = new RandomStreams(SEED).stream(Purpose.BOOTSTRAP, 0);
        double[] replicates = new double[REPLICATES];
        for (int replicate = 0; replicate < REPLICATES; replicate++) {
            double[][] drawn = new double[captions.length][];
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = captions[random.nextInt(captions.length)];
            }
            replicates[replicate] = share(drawn);
        }
        return Interval.ofReplicates(share(captions), replicates);
    }

    /** Of each caption: votes that the scores have more of, and votes. */
    private static double[][] byCaption(ComparisonSet set, double[] scores, double[] reference) {
        Map<String, double[]> captions = new LinkedHashMap<>();
        for (Comparison vote : set.strict()) {
            String caption = set.clips().get(vote.a()).prompt();
            double[] sums = captions.computeIfAbsent(caption, unused -> new double[2]);
            sums[0] += PairMetrics.hit(vote, scores) - PairMetrics.hit(vote, reference);
            sums[1]++;
        }
        return List.copyOf(captions.values()).toArray(double[][]::new);
    }

    private static double share(double[][] captions) {
        double gained = 0.0;
        double votes = 0.0;
        for (double[] caption : captions) {
            gained += caption[0];
            votes += caption[1];
        }
        return gained / votes;
    }
}
