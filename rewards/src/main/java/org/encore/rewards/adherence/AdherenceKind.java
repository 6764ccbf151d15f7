package org.encore.rewards.adherence;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.encore.music.analysis.Adherence;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.rewards.trained.RewardKind;
import org.encore.rewards.trained.RewardKind.PolicySamples;
import org.encore.rewards.trained.RewardKind.RewardReport;
import org.encore.run.Progress;

/**
 * Text adherence: {@link AdherenceReward}, measured by {@link HeldOutChoices} and, on half as many pieces of the policy, by
 * {@link RefereeAgreement}.
 */
public final class AdherenceKind implements RewardKind {
    /** What {@code reward.json} calls it. */
    static final String NAME = "text-adherence";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean readsCaptions() {
        return true;
    }

    @Override
    public boolean usesPolicySamples() {
        return true;
    }

    @Override
    public RewardModel open(String id, RewardDirectory directory) throws IOException {
        return AdherenceReward.open(id, directory);
    }

    @Override
    public RewardReport evaluate(RewardDirectory directory, int clips, PolicySamples policy, Progress progress)
            throws IOException {
        AdherenceReward reward = AdherenceReward.open(NAME, directory);
        HeldOutChoices choices = HeldOutChoices.of(reward, clips, progress);
        List<Sample> played = policy.generate(clips / 2);
        RefereeAgreement agreement = RefereeAgreement.of(reward, played);
        Map<String, Object> metrics = new LinkedHashMap<>(choices.metrics());
        metrics.putAll(agreement.metrics());
        return new RewardReport(metrics, choices.table() + "\n" + agreement.table());
    }

    /**
     * Whether the reward ranks what a policy plays as the referee does, who reads the notes and was never learned from.
     *
     * @param spearman rank correlation of scores and {@link Adherence#mean}, in [-1, 1]; NaN where all are judged alike
     * @param pieces how many pieces of the policy
     */
    record RefereeAgreement(double spearman, int pieces) {
        private static final double Z = 1.959964;

        /** Measures a reward on pieces with notes. */
        static RefereeAgreement of(AdherenceReward reward, List<Sample> played) {
            List<Score> scores = reward.score(played);
            double[] rewarded = scores.stream().mapToDouble(Score::value).toArray();
            double[] scored = played.stream()
                    .mapToDouble(sample -> Adherence.of(
                                    sample.prompt().attributes(),
                                    sample.clip().piece().orElseThrow())
                            .mean())
                    .toArray();
            return new RefereeAgreement(new SpearmansCorrelation().correlation(rewarded, scored), played.size());
        }

        /**
         * One end of the 95 % interval.
         *
         * @param sign -1 for the lower, 1 for the upper
         * @paper Bonett and Wright 2000: on the scale of Fisher's z, variance {@code (1 + rho²/2) / (n - 3)}
         */
        double end(int sign) {
            double deviation = Math.sqrt((1.0 + spearman * spearman / 2.0) / (pieces - 3));
            double z = 0.5 * Math.log((1.0 + spearman) / (1.0 - spearman));
            return Math.tanh(z + sign * Z * deviation);
        }

        /** For programs. */
        Map<String, Object> metrics() {
            Map<String, Object> metrics = new LinkedHashMap<>();
            metrics.put("spearman_referee", Double.isFinite(spearman) ? spearman : null);
            metrics.put("played", pieces);
            return metrics;
        }

        /** For people. */
        String table() {
            return String.format(
                    Locale.ROOT,
                    "Rank correlation with the referee's adherence on %d pieces that the policy played for held-out prompts:"
                            + " %.3f, 95 %% interval [%.3f, %.3f].%n",
                    pieces,
                    spearman,
                    end(-1),
                    end(1));
        }
    }
}
