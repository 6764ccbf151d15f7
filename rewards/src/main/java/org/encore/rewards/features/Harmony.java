package org.encore.rewards.features;

/**
 * Which pitch classes sound, together with which, and where: over the whole window, in the bass, first and last.
 *
 * <p>Class 0 is that of the lowest band. Turning all classes by a semitone is {@link #turned}, which is how the tower
 * reads every key with the same weights.
 */
public final class Harmony {
    /** Pitch classes. */
    public static final int CLASSES = 12;

    /** Profiles: all, bass, treble, first, last. */
    static final int PROFILES = 5;

    /** Features of one turn. */
    public static final int WIDTH = PROFILES * CLASSES + CLASSES * CLASSES;

    private static final int BASS_BANDS = 24;
    private static final double ENDS = 0.15;
    private static final int NEIGHBOURS = 6;

    private Harmony() {}

    /**
     * The features of a window.
     *
     * @param levels one band a semitone
     * @shape levels {@code [frames][bands]}; result {@code [PROFILES · 12 + 12 · 12]}
     */
    static float[] of(float[][] levels) {
        float[] features = new float[WIDTH];
        int last = sounding(levels);
        for (int frame = 0; frame < last; frame++) {
            float[] peaks = peaks(levels[frame]);
            float[] classes = new float[CLASSES];
            for (int band = 0; band < peaks.length; band++) {
                int pitchClass = band % CLASSES;
                classes[pitchClass] += peaks[band];
                features[pitchClass] += peaks[band];
                features[(band < BASS_BANDS ? CLASSES : 2 * CLASSES) + pitchClass] += peaks[band];
                if (frame < ENDS * last) {
                    features[3 * CLASSES + pitchClass] += peaks[band];
                }
                if (frame >= (1.0 - ENDS) * last) {
                    features[4 * CLASSES + pitchClass] += peaks[band];
                }
            }
            for (int a = 0; a < CLASSES; a++) {
                for (int b = 0; b < CLASSES; b++) {
                    features[(PROFILES + a) * CLASSES + b] += classes[a] * classes[b];
                }
            }
        }
        for (int profile = 0; profile < PROFILES; profile++) {
            normalise(features, profile * CLASSES, CLASSES);
        }
        normalise(features, PROFILES * CLASSES, CLASSES * CLASSES);
        return features;
    }

    /** Frames up to the last in which something sounds. */
    private static int sounding(float[][] levels) {
        for (int frame = levels.length; frame > 0; frame--) {
            for (float level : levels[frame - 1]) {
                if (level > 0.3f) {
                    return frame;
                }
            }
        }
        return 0;
    }

    /** How far each band stands out from those around it. */
    private static float[] peaks(float[] levels) {
        float[] peaks = new float[levels.length];
        for (int band = 0; band < levels.length; band++) {
            int from = Math.max(0, band - NEIGHBOURS);
            int to = Math.min(levels.length, band + NEIGHBOURS + 1);
            float sum = 0.0f;
            for (int i = from; i < to; i++) {
                sum += levels[i];
            }
            peaks[band] = Math.max(0.0f, levels[band] - sum / (to - from));
            peaks[band] *= levels[band];
        }
        return peaks;
    }

    private static void normalise(float[] values, int offset, int count) {
        double squares = 1e-6;
        for (int i = offset; i < offset + count; i++) {
            squares += values[i] * values[i];
        }
        float factor = (float) (Math.sqrt(count) / Math.sqrt(squares));
        for (int i = offset; i < offset + count; i++) {
            values[i] *= factor;
        }
    }

    /** Writes the features of the same music, as if class {@code turn} were class 0. */
    public static void turned(float[] features, int turn, float[] out, int offset) {
        for (int profile = 0; profile < PROFILES; profile++) {
            for (int c = 0; c < CLASSES; c++) {
                out[offset + profile * CLASSES + c] = features[profile * CLASSES + (c + turn) % CLASSES];
            }
        }
        for (int a = 0; a < CLASSES; a++) {
            for (int b = 0; b < CLASSES; b++) {
                out[offset + (PROFILES + a) * CLASSES + b] =
                        features[(PROFILES + (a + turn) % CLASSES) * CLASSES + (b + turn) % CLASSES];
            }
        }
    }
}
