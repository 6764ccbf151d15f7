package org.encore.model.encodec.training;

import java.util.Arrays;
import org.encore.base.settings.Checks;
import org.encore.music.audio.spectrum.MelLoss;

/**
 * How far a decoded clip is from what it should be: the mean absolute difference of the samples and {@link MelLoss}, weighted, with the
 * gradient by the decoded samples. Computed in 64 bits; an instance is for one thread.
 */
public final class CodecLoss {
    private final Settings settings;
    private final MelLoss mel;

    /**
     * Weights of the terms.
     *
     * @param waveform weight of the mean absolute difference of samples, which alone sees phases
     * @param mel weight of the distance of mel spectra
     * @param commitment weight of the mean squared distance of latent frames from their codes, summed over codebooks: it keeps the
     *     encoder near the codebooks
     * @param spectra scales of the mel spectra
     */
    public record Settings(double waveform, double mel, double commitment, MelLoss.Settings spectra) {
        public Settings {
            Checks.atLeast("waveform", waveform, 0.0);
            Checks.atLeast("mel", mel, 0.0);
            Checks.atLeast("commitment", commitment, 0.0);
        }

        /** Our choice, by held-out distances of short runs. */
        public static Settings defaults() {
            return new Settings(200.0, 1.0, 1.0, MelLoss.Settings.defaults());
        }
    }

    /**
     * Makes the buffers.
     *
     * @param sampleRate samples a second
     * @param samples most samples of a clip
     */
    public CodecLoss(Settings settings, int sampleRate, int samples) {
        this.settings = settings;
        this.mel = new MelLoss(settings.spectra(), sampleRate, samples);
    }

    /** Terms of a clip before their weights, or sums or means of them. */
    public record Terms(double waveform, double mel, double commitment) {
        /** The weighted sum. */
        public double total(Settings settings) {
            return settings.waveform() * waveform + settings.mel() * mel + settings.commitment() * commitment;
        }
    }

    /**
     * The terms of a clip; commitment is 0 here.
     *
     * @param target the clip, {@code [T]}
     * @param estimate what came of it, {@code [T]}
     * @param weight factor on the gradient alone
     * @param gradient overwritten by that of the weighted sum by the estimate, {@code [T]}
     */
    public Terms of(double[] target, double[] estimate, double weight, double[] gradient) {
        Arrays.fill(gradient, 0.0);
        double distance = settings.mel() == 0.0 ? 0.0 : mel.add(target, estimate, weight * settings.mel(), gradient);
        double sum = 0.0;
        double slope = weight * settings.waveform() / target.length;
        for (int i = 0; i < target.length; i++) {
            double difference = estimate[i] - target[i];
            sum += Math.abs(difference);
            gradient[i] += slope * Math.signum(difference);
        }
        return new Terms(sum / target.length, distance, 0.0);
    }
}
