package org.encore.music.analysis.sound;

import java.util.EnumMap;
import java.util.Map;
import org.encore.music.text.Attributes.Mode;

/**
 * The key of a sound: the tonic and scale whose profile correlates best with its pitch classes.
 *
 * <p>Profiles of major and minor are those of listeners (Krumhansl and Kessler 1982). Ours, because listeners were asked about
 * no others: Mixolydian is major with the ratings of both sevenths exchanged, Dorian is minor with those of both sixths
 * exchanged.
 *
 * @param tonic pitch class, 0 is C
 * @param mode the mode of the best profile
 * @param margin how far the best correlation is above the best of another mode, in [0, 2]; 0 for silence
 * @param correlations the best of each mode over tonics
 * @paper Krumhansl 1990, Cognitive Foundations of Musical Pitch, chapter 4
 */
public record SoundKey(int tonic, Mode mode, double margin, Map<Mode, Double> correlations) {
    private static final double[] MAJOR = {6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88};
    private static final double[] MINOR = {6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17};

    private enum Profile {
        MAJOR(Mode.MAJOR, SoundKey.MAJOR),
        MINOR(Mode.MINOR, SoundKey.MINOR),
        MIXOLYDIAN(Mode.MODAL, exchanged(SoundKey.MAJOR, 10, 11)),
        DORIAN(Mode.MODAL, exchanged(SoundKey.MINOR, 8, 9));

        private final Mode mode;
        private final double[] ratings;

        Profile(Mode mode, double[] ratings) {
            this.mode = mode;
            this.ratings = ratings;
        }
    }

    private static double[] exchanged(double[] ratings, int one, int other) {
        double[] copy = ratings.clone();
        copy[one] = ratings[other];
        copy[other] = ratings[one];
        return copy;
    }

    /**
     * Finds the key.
     *
     * @param chroma of {@link SoundAnalysis}, {@code [12]}
     */
    static SoundKey of(double[] chroma) {
        Map<Mode, Double> best = new EnumMap<>(Mode.class);
        double highest = Double.NEGATIVE_INFINITY;
        int tonic = 0;
        Mode mode = Mode.MAJOR;
        for (Profile profile : Profile.values()) {
            for (int key = 0; key < 12; key++) {
                double correlation = correlation(chroma, key, profile.ratings);
                best.merge(profile.mode, correlation, Math::max);
                if (correlation > highest) {
                    highest = correlation;
                    tonic = key;
                    mode = profile.mode;
                }
            }
        }
        double second = Double.NEGATIVE_INFINITY;
        for (Map.Entry<Mode, Double> each : best.entrySet()) {
            second = each.getKey() == mode ? second : Math.max(second, each.getValue());
        }
        return new SoundKey(tonic, mode, highest - second, Map.copyOf(best));
    }

    /** Pearson's correlation; 0 where one of both does not vary. */
    private static double correlation(double[] chroma, int key, double[] ratings) {
        double meanSound = 0.0;
        double meanRating = 0.0;
        for (int i = 0; i < 12; i++) {
            meanSound += chroma[i] / 12.0;
            meanRating += ratings[i] / 12.0;
        }
        double product = 0.0;
        double sound = 0.0;
        double rating = 0.0;
        for (int i = 0; i < 12; i++) {
            double a = chroma[(key + i) % 12] - meanSound;
            double b = ratings[i] - meanRating;
            product += a * b;
            sound += a * a;
            rating += b * b;
        }
        return sound == 0.0 ? 0.0 : product / Math.sqrt(sound * rating);
    }
}
