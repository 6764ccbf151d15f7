package org.encore.rewards.mixture;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.Score;
import org.encore.rewards.mixture.Mixture.MixtureState;

/**
 * The scores of a mixture for a batch.
 *
 * @param scores the totals, in the order of the samples; an abstention where all rewards abstain
 * @param members the scores of each reward, in the order of the mixture
 * @param failures skipped breaches of the contract
 * @param after the state for the next batch
 */
public record RewardScores(
        List<Score> scores, List<MemberScores> members, List<RewardFailure> failures, MixtureState after) {
    public RewardScores {
        scores = List.copyOf(scores);
        members = List.copyOf(members);
        failures = List.copyOf(failures);
    }

    /**
     * The metrics of all members by name.
     *
     * <p>Besides those of {@link MemberScores#named}: {@code rewards/<id>/weighted_mean}, the mean part of the total
     * over the samples that have a total, where an abstention counts 0, so that these means add up to the mean total;
     * missing if no sample has a total. {@code rewards/<id>/failures}, skipped breaches of the contract.
     */
    public Map<String, Double> named() {
        Map<String, Double> named = new TreeMap<>();
        int[] scored = IntStream.range(0, scores.size())
                .filter(i -> !scores.get(i).abstains())
                .toArray();
        for (MemberScores member : members) {
            named.putAll(member.named());
            named.put("rewards/" + member.id() + "/failures", (double) failures.stream()
                    .filter(failure -> failure.id().equals(member.id()))
                    .count());
            IntStream.of(scored)
                    .mapToDouble(i -> member.abstains(i) ? 0.0 : member.weighted(i))
                    .average()
                    .ifPresent(mean -> named.put("rewards/" + member.id() + "/weighted_mean", mean));
        }
        return named;
    }

    /** The scores of one reward for a batch, raw, normalised and weighted; NaN where it abstained. */
    public static final class MemberScores {
        private final String id;
        private final double weight;
        private final List<Score> scores;
        private final double[] normalised;
        private final double[] weighted;

        MemberScores(String id, double weight, List<Score> scores, double[] normalised, double[] weighted) {
            this.id = id;
            this.weight = weight;
            this.scores = List.copyOf(scores);
            this.normalised = normalised;
            this.weighted = weighted;
        }

        /** The id of the reward. */
        public String id() {
            return id;
        }

        /** Its weight at this step, without shares of abstaining rewards. */
        public double weight() {
            return weight;
        }

        /** Its raw score, in units of the reward. */
        public double raw(int sample) {
            Score score = scores.get(sample);
            return score.abstains() ? Double.NaN : score.value();
        }

        /** Its normalised and clipped score. */
        public double normalised(int sample) {
            return normalised[sample];
        }

        /** Its part of the total. */
        public double weighted(int sample) {
            return weighted[sample];
        }

        /** Whether it abstained from a sample. */
        public boolean abstains(int sample) {
            return scores.get(sample).abstains();
        }

        /** Number of samples. */
        public int samples() {
            return scores.size();
        }

        /**
         * The metrics of this reward by name, over the samples it did not abstain from.
         *
         * <p>{@code rewards/<id>/raw_mean} in units of the reward; {@code rewards/<id>/mean} and {@code
         * rewards/<id>/std} (population) of the normalised scores; {@code reward/weight/<id>}; {@code
         * rewards/<id>/abstained}, a share. Means are missing if it abstained from all samples.
         */
        public Map<String, Double> named() {
            double raw = 0.0;
            double sum = 0.0;
            int count = 0;
            for (int i = 0; i < samples(); i++) {
                if (!abstains(i)) {
                    raw += raw(i);
                    sum += normalised[i];
                    count++;
                }
            }
            Map<String, Double> named = new TreeMap<>();
            named.put("reward/weight/" + id, weight);
            named.put("rewards/" + id + "/abstained", 1.0 - (double) count / samples());
            if (count > 0) {
                named.put("rewards/" + id + "/raw_mean", raw / count);
                named.put("rewards/" + id + "/mean", sum / count);
                named.put("rewards/" + id + "/std", deviation(sum / count, count));
            }
            return named;
        }

        private double deviation(double mean, int count) {
            double squares = 0.0;
            for (int i = 0; i < samples(); i++) {
                squares += abstains(i) ? 0.0 : (normalised[i] - mean) * (normalised[i] - mean);
            }
            return Math.sqrt(squares / count);
        }
    }
}
