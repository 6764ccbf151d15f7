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
 * Watches the policy's profile against the reference's: while the reward rises, a profile outside of the interval that the
 * reference has over the same pieces says that the policy earns its reward with other music than the reference knows.
 */
public final class ProfileWatch {
    private static final Logger LOGGER = LogManager.getLogger(ProfileWatch.class);
    private static final List<Headline> WATCHED =
            List.of(Headline.PEAK, Headline.ASSIMILATION, Headline.RECOVERY, Headline.RECOVERY_CODES);
    private static final int CODES_BEHIND = 16;
    private static final int RESAMPLES = 1000;

    private final Profiling settings;
    private final ProfilePlan plan;
    private final Map<Headline, Interval> band = new LinkedHashMap<>();
    private final List<Double> scores = new ArrayList<>();

    /**
     * Profiles the reference.
     *
     * @param source where pieces come from
     * @param seed of the run
     * @param reference the model that the run began from
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
        WATCHED.forEach(headline -> band.put(headline, profile.headline(headline)));
    }

    private static PieceSelection select(PieceSelection.Source source, ProfileSettings settings, OtherPiece damage) {
        try {
            return PieceSelection.of(source, settings, damage);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "evaluation.profile cannot be had: " + e.getMessage() + "; or set evaluation.profile.every to 0",
                    e);
        }
    }

    /** Tells the mean score of the next iteration; those before a resumption must be told again, in order. */
    public void score(double score) {
        scores.add(score);
    }

    /**
     * Profiles the policy after the iterations whose scores were told.
     *
     * @return {@code profile/peak}, {@code profile/assimilation}, {@code profile/recovery}, {@code
     *     profile/recovery_codes}; {@code profile/outside}, how many of them are outside of the reference's intervals; {@code profile/warning}, 1 if some are while the score
     *     rises, else 0
     */
    public Map<String, Double> metrics(CodeModel policy) {
        Profile profile = plan.measure(policy);
        int[] all = IntStream.range(0, profile.pieces()).toArray();
        Map<String, Double> metrics = new LinkedHashMap<>();
        List<String> astray = new ArrayList<>();
        band.forEach((headline, interval) -> {
            double value = profile.headline(headline, all);
            metrics.put("profile/" + headline.text(), value);
            if (!interval.contains(value)) {
                astray.add(String.format(
                        Locale.ROOT,
                        "%s %.3f, reference [%.3f, %.3f]",
                        headline.text(),
                        value,
                        interval.low(),
                        interval.high()));
            }
        });
        boolean warns = !astray.isEmpty() && isRising();
        metrics.put("profile/outside", (double) astray.size());
        metrics.put("profile/warning", warns ? 1.0 : 0.0);
        if (warns) {
            LOGGER.warn(
                    "iteration {}: the reward rises, but the loss-curve profile has left the reference's band ({}):"
                            + " listen before you go on",
                    scores.size(),
                    String.join("; ", astray));
        }
        return metrics;
    }

    /** Whether the scores since the last profile are higher, in the mean, than those between the two before. */
    private boolean isRising() {
        int now = scores.size();
        int last = Math.max(0, now - settings.every());
        int before = Math.max(0, last - settings.every());
        return mean(last, now) > mean(before, last);
    }

    /** NaN of no scores, with which nothing compares. */
    private double mean(int from, int to) {
        return Means.of(scores.subList(from, to).stream()
                .mapToDouble(Double::doubleValue)
                .toArray());
    }

    /**
     * How a run profiles its policy.
     *
     * @param every iterations between two profiles, the last iteration always having one; 0 is never
     * @param pieces held-out pieces that are damaged
     * @param onset code at which the damage begins
     * @param length damaged codes; 16 more must follow them
     */
    public record Profiling(int every, int pieces, int onset, int length) {
        public Profiling {
            requireAtLeast("every", every, 0);
            requireAtLeast("pieces", pieces, 2);
            requireAtLeast("onset", onset, 1);
            requireAtLeast("length", length, 6);
        }

        /** Never; where it is switched on, 8 pieces with 50 codes damaged: less than 3 per cent of a run with every 10. */
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
