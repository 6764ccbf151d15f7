package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.random.RandomStreams;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.evaluation.perturbation.Perturbation.OtherPiece;
import org.encore.evaluation.profile.Headline;
import org.encore.evaluation.profile.PieceSelection;
import org.encore.evaluation.profile.Profile;
import org.encore.evaluation.profile.ProfilePlan;
import org.encore.evaluation.profile.ProfilePlan.ProfileSettings;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;
import org.encore.statistics.Means;

/**
 * Compares the loss-curve profile of the policy with that of the reference. If the reward rises while the profile leaves the
 * reference's interval over the same pieces, the policy gains reward with unusual music, and the run warns.
 */
public final class ProfileWatch {
    private static final Logger LOGGER = LogManager.getLogger(ProfileWatch.class);
    private static final List<Headline> WATCHED =
            List.of(Headline.PEAK, Headline.ASSIMILATION, Headline.RECOVERY, Headline.RECOVERY_CODES);
    private static final int CODES_BEHIND = 16;
    private static final int RESAMPLES = 1000;

    private final Profiling settings;
    private final ProfilePlan plan;
    private final Map<Headline, Interval> referenceIntervals = new LinkedHashMap<>();
    private final List<Double> scores = new ArrayList<>();

    /**
     * Profiles the reference.
     *
     * @param source source of the pieces
     * @param seed seed of the run
     * @param reference the initial model
     * @throws IllegalArgumentException if too few held-out pieces are long enough
     */
    public ProfileWatch(Profiling settings, PieceSelection.Source source, long seed, CodeModel reference) {
        this.settings = settings;
        ProfileSettings small = new ProfileSettings(
                settings.onset(),
                ProfileSettings.codes(settings.length()),
                CODES_BEHIND,
                settings.pieces(),
                new Bootstrap(RESAMPLES, seed));
        OtherPiece damage = new OtherPiece();
        PieceSelection selection = select(source, small, damage);
        this.plan = new ProfilePlan(small, damage, selection.pieces(), source.codec(), new RandomStreams(seed));
        Profile profile = plan.measure(reference);
        WATCHED.forEach(headline -> referenceIntervals.put(headline, profile.headline(headline)));
    }

    private static PieceSelection select(PieceSelection.Source source, ProfileSettings settings, OtherPiece damage) {
        try {
            return PieceSelection.of(source, settings, damage);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "evaluation.profile is not possible: " + e.getMessage() + "; or set evaluation.profile.every to 0",
                    e);
        }
    }

    /** Adds the mean score of the next iteration; a resumed run adds all earlier scores again, in order. */
    public void score(double score) {
        scores.add(score);
    }

    /**
     * Profiles the policy after the iterations whose scores were added.
     *
     * @return {@code profile/peak}, {@code profile/assimilation}, {@code profile/recovery}, {@code
     *     profile/recovery_codes}; {@code profile/outside}, how many of these are outside the intervals of the reference;
     *     {@code profile/warning}, 1 if any are while the score rises, else 0
     */
    public Map<String, Double> metrics(CodeModel policy) {
        Profile profile = plan.measure(policy);
        int[] all = IntStream.range(0, profile.pieces()).toArray();
        Map<String, Double> metrics = new LinkedHashMap<>();
        List<String> outside = new ArrayList<>();
        referenceIntervals.forEach((headline, interval) -> {
            double value = profile.headline(headline, all);
            metrics.put("profile/" + headline.text(), value);
            if (!interval.contains(value)) {
                outside.add(String.format(
                        Locale.ROOT,
                        "%s %.3f, reference [%.3f, %.3f]",
                        headline.text(),
                        value,
                        interval.low(),
                        interval.high()));
            }
        });
        boolean warns = !outside.isEmpty() && isRising();
        metrics.put("profile/outside", (double) outside.size());
        metrics.put("profile/warning", warns ? 1.0 : 0.0);
        if (warns) {
            LOGGER.warn(
                    "iteration {}: the reward rises, but the loss-curve profile is outside the intervals of the reference ({}):"
                            + " listen to samples before you continue",
                    scores.size(),
                    String.join("; ", outside));
        }
        return metrics;
    }

    /** Whether the mean score since the last profile is above the mean between the two profiles before. */
    private boolean isRising() {
        int now = scores.size();
        int last = Math.max(0, now - settings.every());
        int before = Math.max(0, last - settings.every());
        return mean(last, now) > mean(before, last);
    }

    /** NaN if there are no scores; comparisons with NaN are false. */
    private double mean(int from, int to) {
        return Means.of(scores.subList(from, to).stream()
                .mapToDouble(Double::doubleValue)
                .toArray());
    }

    /**
     * Loss-curve profiles of the policy during training.
     *
     * @param every iterations between two profiles; the last iteration always has one; 0 switches profiles off
     * @param pieces held-out pieces to damage
     * @param onset index of the first damaged code
     * @param length number of damaged codes; pieces need 16 more after them
     */
    public record Profiling(int every, int pieces, int onset, int length) {
        public Profiling {
            requireAtLeast("every", every, 0);
            requireAtLeast("pieces", pieces, 2);
            requireAtLeast("onset", onset, 1);
            requireAtLeast("length", length, 6);
        }

        /** Off. If switched on with {@code every} 10, the other defaults take less than 3 % of the run time. */
        public static Profiling defaults() {
            return new Profiling(0, 8, 32, 50);
        }

        private static void requireAtLeast(String name, int value, int least) {
            if (value < least) {
                throw new IllegalArgumentException(name + " is " + value + ", but must be at least " + least);
            }
        }
    }
}
