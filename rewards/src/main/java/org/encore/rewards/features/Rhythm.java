package org.encore.rewards.features;

/**
 * How alike the music is to itself some time later: correlations of onsets within and between registers, and of the
 * sounding pitches.
 */
final class Rhythm {
    /** Onsets low, middle, high and all together: four with themselves, and low with what follows it in middle and high. */
    private static final int CURVES = 7;

    private Rhythm() {}

    /** Numbers for a window. */
    static int width(int timbreLags, int pitchLags) {
        return CURVES * timbreLags + pitchLags;
    }

    /**
     * The curves of a window, one after the other.
     *
     * @shape timbre {@code [frames][bands]}; pitch {@code [frames][bands]}
     */
    static float[] of(float[][] timbre, int timbreLags, float[][] pitch, int pitchLags) {
        int bands = timbre[0].length;
        float[] low = onsets(timbre, 0, bands / 5);
        float[] middle = onsets(timbre, bands / 5, bands / 2);
        float[] high = onsets(timbre, bands / 2, bands);
        float[] all = onsets(timbre, 0, bands);
        float[] curves = new float[width(timbreLags, pitchLags)];
        float[][][] pairs = {
            {all, all}, {low, low}, {middle, middle}, {high, high}, {low, middle}, {middle, low}, {low, high}
        };
        for (int curve = 0; curve < CURVES; curve++) {
            correlate(pairs[curve][0], pairs[curve][1], curves, curve * timbreLags, timbreLags);
        }
        likeness(pitch, curves, CURVES * timbreLags, pitchLags);
        return curves;
    }

    /** How much the levels of some bands rise into each frame, about their mean, with deviation 1. */
    private static float[] onsets(float[][] levels, int from, int to) {
        float[] onsets = new float[levels.length];
        double sum = 0.0;
        for (int frame = 1; frame < levels.length; frame++) {
            for (int band = from; band < to; band++) {
                onsets[frame] += Math.max(0.0f, levels[frame][band] - levels[frame - 1][band]);
            }
            sum += onsets[frame];
        }
        float mean = (float) (sum / levels.length);
        double squares = 1e-6;
        for (int frame = 0; frame < onsets.length; frame++) {
            onsets[frame] -= mean;
            squares += onsets[frame] * onsets[frame];
        }
        float factor = (float) Math.sqrt(levels.length / squares);
        for (int frame = 0; frame < onsets.length; frame++) {
            onsets[frame] *= factor;
        }
        return onsets;
    }

    private static void correlate(float[] first, float[] later, float[] out, int offset, int lags) {
        for (int lag = 0; lag < lags; lag++) {
            float sum = 0.0f;
            for (int t = 0; t + lag < first.length; t++) {
                sum += first[t] * later[t + lag];
            }
            out[offset + lag] = sum / (first.length - lag);
        }
    }

    private static void likeness(float[][] pitch, float[] out, int offset, int lags) {
        double[] norms = new double[pitch.length];
        for (int t = 0; t < pitch.length; t++) {
            for (float level : pitch[t]) {
                norms[t] += level * level;
            }
            norms[t] = Math.sqrt(norms[t] + 1e-6);
        }
        for (int lag = 0; lag < lags; lag++) {
            double sum = 0.0;
            for (int t = 0; t + lag < pitch.length; t++) {
                float product = 0.0f;
                for (int band = 0; band < pitch[t].length; band++) {
                    product += pitch[t][band] * pitch[t + lag][band];
                }
                sum += product / (norms[t] * norms[t + lag]);
            }
            out[offset + lag] = (float) (sum / (pitch.length - lag));
        }
        standardise(out, offset, lags);
    }

    /** Brings numbers to the mean 0 and the deviation 0.5. */
    private static void standardise(float[] values, int offset, int count) {
        double sum = 0.0;
        double squares = 0.0;
        for (int i = offset; i < offset + count; i++) {
            sum += values[i];
            squares += values[i] * values[i];
        }
        double mean = sum / count;
        double factor = 0.5 / Math.sqrt(Math.max(1e-6, squares / count - mean * mean));
        for (int i = offset; i < offset + count; i++) {
            values[i] = (float) (factor * (values[i] - mean));
        }
    }
}
