package org.encore.music.audio.spectrum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.base.settings.Checks;
import org.encore.music.audio.spectrum.SpectrumSettings.FrequencyScale;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * How far the mel spectra of two sounds are apart, at several lengths of windows, with the gradient by the samples of one of them.
 *
 * <p>Of each scale, with {@code l = log10(floor + mel power)} and the mean over frames and bands: {@code absolute · |l - l'| + squared · (l -
 * l')²}; the loss is the mean over the scales. A power of 1 is a sine of amplitude 1, so a difference of 1 is 10 dB.
 *
 * <p>Computed in 64 bits. Buffers are made once; an instance is for one thread.
 *
 * @paper Défossez et al. 2022, section 3.4: L1 and L2 over scales of 64 mel bands, windows {@code 2^i}, hops of a quarter of them; the logarithm under
 *     both terms, fewer bands at short windows and the mean instead of the sum are our choice
 */
public final class MelLoss {
    private static final double LOG_10 = Math.log(10.0);

    /** Fewest samples of a window for a band. */
    private static final int SAMPLES_A_BAND = 8;

    private static final double LOWEST_HERTZ = 30.0;

    private final List<Scale> scales = new ArrayList<>();

    /**
     * Scales and weights.
     *
     * @param windows samples of each scale's windows, powers of two in [64, 16384]; frames are a quarter of that apart
     * @param bands most mel bands of a scale; shorter windows have one for eight samples
     * @param absolute weight of the absolute differences
     * @param squared weight of the squared differences
     * @param floorDecibels power that is added before the logarithm, against what cannot be heard, in decibels
     */
    public record Settings(List<Integer> windows, int bands, double absolute, double squared, double floorDecibels) {
        public Settings {
            windows = List.copyOf(windows);
            if (windows.isEmpty()) {
                throw new IllegalArgumentException("windows are empty, but must hold at least one length");
            }
            for (int window : windows) {
                if (window < 64 || window > 16384 || Integer.bitCount(window) != 1) {
                    throw new IllegalArgumentException(
                            "windows are " + windows + ", but must be powers of two in [64, 16384]");
                }
            }
            Checks.within("bands", bands, 1, 1024);
            Checks.atLeast("absolute", absolute, 0.0);
            Checks.atLeast("squared", squared, 0.0);
            Checks.within("floorDecibels", floorDecibels, -200.0, -20.0);
        }

        /** Five scales of up to 64 bands. */
        public static Settings defaults() {
            return new Settings(List.of(128, 256, 512, 1024, 2048), 64, 1.0, 1.0, -70.0);
        }
    }

    /**
     * Makes the buffers.
     *
     * @param sampleRate samples a second, in [1000, 48000]
     * @param samples most samples of a sound
     */
    public MelLoss(Settings settings, int sampleRate, int samples) {
        double floor = StrictMath.pow(10.0, settings.floorDecibels() / 10.0);
        for (int window : settings.windows()) {
            scales.add(new Scale(settings, window, sampleRate, samples, floor));
        }
    }

    /**
     * The loss, and its gradient.
     *
     * @param target what the sound should be, {@code [samples]}
     * @param estimate what it is; as long
     * @param weight factor on the gradient alone
     * @param gradient receives, by addition, that of {@code weight · loss} by the samples of the estimate
     * @return the loss, at least 0
     */
    public double add(double[] target, double[] estimate, double weight, double[] gradient) {
        if (estimate.length != target.length || gradient.length != target.length) {
            throw new IllegalArgumentException("target, estimate and gradient have " + target.length + ", "
                    + estimate.length + " and " + gradient.length + " samples, but must have equally many");
        }
        double sum = 0.0;
        for (Scale scale : scales) {
            sum += scale.add(target, estimate, weight / scales.size(), gradient);
        }
        return sum / scales.size();
    }

    /** Windows of one length. */
    private static final class Scale {
        private final Settings settings;
        private final Spectrograph.FilterBank filters;
        private final DoubleFFT_1D transform;
        private final double[] window;
        private final int hop;
        private final int capacity;
        private final double scale;
        private final double floor;
        private final double[] wanted;
        private final double[] spectrum;
        private final double[] powers;
        private final double[] slopes;
        private final double[] logarithms;

        Scale(Settings settings, int length, int sampleRate, int samples, double floor) {
            this.settings = settings;
            this.floor = floor;
            this.hop = length / 4;
            this.capacity = samples;
            int bands = Math.min(settings.bands(), length / SAMPLES_A_BAND);
            this.filters = new Spectrograph.FilterBank(new SpectrumSettings(
                    sampleRate, length, hop, bands, LOWEST_HERTZ, sampleRate / 2.0, FrequencyScale.MEL, -200.0));
            this.transform = new DoubleFFT_1D(length);
            this.window = new double[length];
            double sum = 0.0;
            for (int i = 0; i < length; i++) {
                window[i] = 0.5 - 0.5 * StrictMath.cos(2.0 * Math.PI * i / length);
                sum += window[i];
            }
            this.scale = 4.0 / (sum * sum);
            this.wanted = new double[length];
            this.spectrum = new double[length];
            this.powers = new double[length / 2 + 1];
            this.slopes = new double[length / 2 + 1];
            this.logarithms = new double[bands];
        }

        private static int frames(int samples, int hop) {
            return samples / hop + 1;
        }

        double add(double[] target, double[] estimate, double weight, double[] gradient) {
            if (target.length > capacity) {
                throw new IllegalArgumentException(
                        "a sound has " + target.length + " samples, but the loss was made for " + capacity);
            }
            int frames = frames(target.length, hop);
            double share = 1.0 / ((double) frames * logarithms.length);
            double loss = 0.0;
            for (int frame = 0; frame < frames; frame++) {
                int start = frame * hop - window.length / 2;
                transformed(target, start, wanted);
                for (int band = 0; band < logarithms.length; band++) {
                    logarithms[band] = Math.log(floor + filters.power(band, powers)) / LOG_10;
                }
                transformed(estimate, start, spectrum);
                Arrays.fill(slopes, 0.0);
                for (int band = 0; band < logarithms.length; band++) {
                    double power = floor + filters.power(band, powers);
                    double difference = Math.log(power) / LOG_10 - logarithms[band];
                    loss += settings.absolute() * Math.abs(difference) + settings.squared() * difference * difference;
                    double slope = settings.absolute() * Math.signum(difference) + 2 * settings.squared() * difference;
                    filters.addSlopes(band, weight * share * slope / (LOG_10 * power), slopes);
                }
                addBack(start, gradient);
            }
            return loss * share;
        }

        /** The spectrum of a frame in {@code out}, in the layout of JTransforms, and its powers. */
        private void transformed(double[] samples, int start, double[] out) {
            for (int i = 0; i < out.length; i++) {
                int place = start + i;
                out[i] = place >= 0 && place < samples.length ? samples[place] * window[i] : 0.0;
            }
            transform.realForward(out);
            int last = powers.length - 1;
            powers[0] = scale * out[0] * out[0];
            powers[last] = scale * out[1] * out[1];
            for (int bin = 1; bin < last; bin++) {
                powers[bin] = scale * (out[2 * bin] * out[2 * bin] + out[2 * bin + 1] * out[2 * bin + 1]);
            }
        }

        /**
         * From slopes by powers to slopes by samples: with {@code P = |X|²}, {@code dL/dx[n] = w[n] Σ 2 slope[k] Re(X[k] e^(iθkn))} over the bins
         * from 0 to the last, which an inverse transform adds up.
         */
        private void addBack(int start, double[] gradient) {
            int last = slopes.length - 1;
            spectrum[0] *= 2.0 * slopes[0];
            spectrum[1] *= 2.0 * slopes[last];
            for (int bin = 1; bin < last; bin++) {
                // The inverse counts these bins twice, once for the mirrored half.
                spectrum[2 * bin] *= slopes[bin];
                spectrum[2 * bin + 1] *= slopes[bin];
            }
            transform.realInverse(spectrum, true);
            double factor = scale * window.length;
            int from = Math.max(0, -start);
            int to = Math.min(window.length, gradient.length - start);
            for (int i = from; i < to; i++) {
                gradient[start + i] += factor * window[i] * spectrum[i];
            }
        }
    }
}
