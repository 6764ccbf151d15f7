package org.encore.music.audio.spectrum;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.encore.music.audio.Resampler;
import org.encore.music.audio.Waveform;
import org.encore.music.audio.spectrum.SpectrumSettings.FrequencyScale;
import org.jtransforms.fft.FloatFFT_1D;

/**
 * Computes spectrograms: resamples the sound, transforms windows, sums powers in bands, takes logarithms.
 *
 * <p>Frame {@code t} is centred at sample {@code t · hopSamples}; beyond its ends sound is silent. The same sound gives
 * the same bits. Safe to use from several threads.
 */
public final class Spectrograph {
    private final SpectrumSettings settings;
    private final FilterBank filters;
    private final FloatFFT_1D transform;
    private final float[] window;
    private final float scale;
    private final Map<Integer, Resampler> resamplers = new ConcurrentHashMap<>();

    public Spectrograph(SpectrumSettings settings) {
        this.settings = settings;
        this.filters = new FilterBank(settings);
        this.transform = new FloatFFT_1D(settings.windowSamples());
        this.window = new float[settings.windowSamples()];
        double sum = 0.0;
        for (int i = 0; i < window.length; i++) {
            window[i] = (float) (0.5 - 0.5 * StrictMath.cos(2.0 * Math.PI * i / window.length));
            sum += window[i];
        }
        // A sine of amplitude 1 in the middle of a bin has the magnitude sum / 2.
        this.scale = (float) (4.0 / (sum * sum));
    }

    /** The settings. */
    public SpectrumSettings settings() {
        return settings;
    }

    /** The spectrogram of a sound: one frame for each hop that begins, at least one. */
    public Spectrogram of(Waveform waveform) {
        float[] samples = resamplers
                .computeIfAbsent(waveform.sampleRate(), rate -> new Resampler(rate, settings.sampleRate()))
                .resampled(waveform)
                .samples();
        int hop = settings.hopSamples();
        int frames = Math.max(1, (samples.length + hop - 1) / hop);
        float[] decibels = new float[Math.multiplyExact(frames, settings.bands())];
        float[] spectrum = new float[window.length];
        float[] powers = new float[window.length / 2 + 1];
        for (int frame = 0; frame < frames; frame++) {
            cut(samples, frame * hop - window.length / 2, spectrum);
            transform.realForward(spectrum);
            powers(spectrum, powers);
            levels(powers, decibels, frame * settings.bands());
        }
        return new Spectrogram(frames, settings.bands(), decibels);
    }

    private void cut(float[] samples, int start, float[] out) {
        for (int i = 0; i < out.length; i++) {
            int place = start + i;
            out[i] = place >= 0 && place < samples.length ? samples[place] * window[i] : 0.0f;
        }
    }

    /** The layout of {@code realForward}: real and imaginary parts in turn, but the last real part in place of the first zero. */
    private void powers(float[] spectrum, float[] powers) {
        powers[0] = scale * spectrum[0] * spectrum[0];
        powers[powers.length - 1] = scale * spectrum[1] * spectrum[1];
        for (int bin = 1; bin < powers.length - 1; bin++) {
            float real = spectrum[2 * bin];
            float imaginary = spectrum[2 * bin + 1];
            powers[bin] = scale * (real * real + imaginary * imaginary);
        }
    }

    private void levels(float[] powers, float[] decibels, int offset) {
        float floor = (float) settings.floorDecibels();
        for (int band = 0; band < filters.bands(); band++) {
            float level = (float) (10.0 * Math.log10(filters.power(band, powers)));
            decibels[offset + band] = level > floor ? level : floor;
        }
    }

    /**
     * Triangular filters that overlap by half: each rises from its lower neighbour's centre to 1 at its own and falls to its
     * upper neighbour's; the power at one frequency is divided between two bands.
     */
    static final class FilterBank {
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
                    // Narrower than the distance of two bins: take the nearest bin.
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

        /** {@link #power} in 64 bits. */
        double power(int band, double[] binPowers) {
            float[] own = weights[band];
            int first = firstBins[band];
            double sum = 0.0;
            for (int i = 0; i < own.length; i++) {
                sum += own[i] * binPowers[first + i];
            }
            return sum;
        }

        /** The gradient of {@link #power}: adds the slope of a band's power to those of the bins in it. */
        void addSlopes(int band, double slope, double[] binSlopes) {
            float[] own = weights[band];
            int first = firstBins[band];
            for (int i = 0; i < own.length; i++) {
                binSlopes[first + i] += own[i] * slope;
            }
        }
    }
}
