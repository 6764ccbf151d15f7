package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.random.RandomStreams;
import org.encore.base.settings.Checks;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.evaluation.perturbation.Perturbation.OtherPiece;
import org.encore.evaluation.profile.Headline;
import org.encore.evaluation.profile.PieceSelection;
import org.encore.evaluation.profile.Profile;
import org.encore.evaluation.profile.ProfilePlan;
import org.encore.evaluation.profile.ProfilePlan.ProfileSettings;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Clusters;
import org.encore.statistics.Means;
import org.encore.statistics.Significance;

/**
 * Compares the loss-curve profile of the policy with that of the reference, piece by piece. If the reward rises while the
 * profile differs by more than chance and by enough to matter, the policy gains reward with unusual music, and the run warns.
 *
 * <p>Both models are scored on the same pieces, whose differences among each other cancel out in the paired difference
 * (Student's t over pieces; 5 % over all watched figures by Holm's correction). Comparing the policy with the
 * reference's own interval, as this class once did, misses most changes.
 */
public final class ProfileWatch {
    private static final Logger LOGGER = LogManager.getLogger(ProfileWatch.class);
    private static final List<Headline> WATCHED =
            List.of(Headline.PEAK, Headline.ASSIMILATION, Headline.RECOVERY, Headline.RECOVERY_CODES);
    private static final int CODES_BEHIND = 16;
    private static final int RESAMPLES = 1000;
    private static final double LEVEL = 0.05;

    private final Profiling settings;
    private final ProfilePlan plan;
    private final Map<Headline, double[]> referenceValues = new EnumMap<>(Headline.class);
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
        WATCHED.forEach(headline -> referenceValues.put(headline, byPiece(profile, headline)));
    }

    private static double[] byPiece(Profile profile, Headline headline) {
        return IntStream.range(0, profile.pieces())
                .mapToDouble(piece -> profile.headline(headline, new int[] {piece}))
                .toArray();
    }

    /**
     * Which paired differences of several figures are no chance, at 5 % for all of them together.
     *
     * @param values of each figure, one of each piece; NaN where not defined
     * @param references of each figure, one of each piece
     */
    static List<Boolean> different(List<double[]> values, List<double[]> references) {
        List<Double> p = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            double[] value = values.get(i);
            double[] reference = references.get(i);
            int[] both = IntStream.range(0, value.length)
                    .filter(piece -> !Double.isNaN(value[piece] - reference[piece]))
                    .toArray();
            p.add(Significance.ofInterval(Clusters.none(both.length)
                    .pairedDifference(
                            IntStream.of(both)
                                    .mapToDouble(piece -> value[piece])
                                    .toArray(),
                            IntStream.of(both)
                                    .mapToDouble(piece -> reference[piece])
                                    .toArray())));
        }
        return Significance.holm(p).stream().map(each -> each < LEVEL).toList();
    }

    /** Whether a headline is far enough from the reference's to matter. */
    static boolean matters(double value, double reference, double smallestEffect) {
        return Math.abs(value - reference) >= smallestEffect * Math.abs(reference);
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
     *     profile/recovery_codes}; {@code profile/outside}, how many of these differ from the reference by more than chance and
     *     by the smallest effect;
     *     {@code profile/warning}, 1 if any are while the score rises, else 0
     */
    public Map<String, Double> metrics(CodeModel policy) {
        Profile profile = plan.measure(policy);
        int[] all = IntStream.range(0, profile.pieces()).toArray();
        Map<String, Double> metrics = new LinkedHashMap<>();
        List<String> outside = new ArrayList<>();
        List<Boolean> different = different(
                WATCHED.stream().map(headline -> byPiece(profile, headline)).toList(),
                WATCHED.stream().map(referenceValues::get).toList());
        for (int i = 0; i < WATCHED.size(); i++) {
            Headline headline = WATCHED.get(i);
            double value = profile.headline(headline, all);
            metrics.put("profile/" + headline.text(), value);
            double reference = Means.of(referenceValues.get(headline));
            if (different.get(i) && matters(value, reference, settings.smallestEffect())) {
                outside.add(String.format(Locale.ROOT, "%s %.3f, reference %.3f", headline.text(), value, reference));
            }
        }
        boolean warns = !outside.isEmpty() && isRising();
        metrics.put("profile/outside", (double) outside.size());
        metrics.put("profile/warning", warns ? 1.0 : 0.0);
        if (warns) {
            LOGGER.warn(
                    "iteration {}: the reward rises, but the loss-curve profile is no longer that of the reference ({}):"
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
     * @param smallestEffect the smallest change of a headline that counts, as a share of the reference's value; with many
     *     pieces changes are no chance long before they matter
     */
    public record Profiling(int every, int pieces, int onset, int length, double smallestEffect) {
        public Profiling {
            requireAtLeast("every", every, 0);
            requireAtLeast("pieces", pieces, 2);
            requireAtLeast("onset", onset, 1);
            requireAtLeast("length", length, 6);
            Checks.within("smallestEffect", smallestEffect, 0.0, 100.0);
        }

        /**
         * Off. If switched on with {@code every} 10, the other defaults take less than 3 % of the run time. That a tenth is the
         * smallest effect is our choice.
         */
        public static Profiling defaults() {
            return new Profiling(0, 8, 32, 50, 0.1);
        }

        private static void requireAtLeast(String name, int value, int least) {
            if (value < least) {
                throw new IllegalArgumentException(name + " is " + value + ", but must be at least " + least);
            }
        }
    }
}
