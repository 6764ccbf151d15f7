package org.encore.music.audio.spectrum;

/**
 * Triangular filters that overlap by half: each rises from its lower neighbour's centre to 1 at its own and falls to its
 * upper neighbour's; what lies at one frequency is divided between two bands.
 */
final class FilterBank {
    private final int[] firstBins;
    private final float[][] weights;

    FilterBank(SpectrumSettings settings) {
        int bands = settings.bands();
        FrequencyScale scale = settings.scale();
        double hertzPerBin = (double) settings.sampleRate() / settings.windowSamples();
        double low = scale.coordinate(settings.lowHertz());
        double step = (scale.coordinate(settings.highHertz()) - low) / (bands + 1);
        firstBins = new int[bands];
        weights = new float[bands][];
        for (int band = 0; band < bands; band++) {
            double centre = low + (band + 1) * step;
            int first = (int) Math.ceil(scale.hertz(centre - step) / hertzPerBin);
            int last = (int) Math.floor(scale.hertz(centre + step) / hertzPerBin);
            weights[band] = new float[Math.max(0, last - first + 1)];
            firstBins[band] = first;
            float sum = 0.0f;
            for (int i = 0; i < weights[band].length; i++) {
                double place = first + i == 0 ? centre - step : scale.coordinate((first + i) * hertzPerBin);
                weights[band][i] = (float) Math.max(0.0, 1.0 - Math.abs(place - centre) / step);
                sum += weights[band][i];
            }
            if (sum == 0.0f) {
                // Narrower than the distance of two bins: the nearest one speaks for it.
                firstBins[band] =
                        Math.min(settings.windowSamples() / 2, (int) Math.round(scale.hertz(centre) / hertzPerBin));
                weights[band] = new float[] {1.0f};
            }
        }
    }

    /** How many bands. */
    int bands() {
        return weights.length;
    }

    /** The power in a band. */
    float power(int band, float[] binPowers) {
        float[] own = weights[band];
        int first = firstBins[band];
        float sum = 0.0f;
        for (int i = 0; i < own.length; i++) {
            sum += own[i] * binPowers[first + i];
        }
        return sum;
    }
}
