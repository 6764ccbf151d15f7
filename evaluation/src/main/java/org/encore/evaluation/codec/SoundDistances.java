package org.encore.evaluation.codec;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.encore.music.audio.Waveform;
import org.encore.music.audio.spectrum.Spectrogram;
import org.encore.music.audio.spectrum.Spectrograph;
import org.encore.music.audio.spectrum.SpectrumSettings;

/**
 * Distances of a sound from the one that it should be.
 *
 * @param siSdr scale-invariant ratio of signal and distortion in dB: {@code 10 log10(|αs|² / |αs - ŝ|²)}, {@code α = sᵀŝ / |s|²}; higher is
 *     better (Le Roux et al. 2019, SDR - half-baked or well done?)
 * @param logMel mean absolute difference of the levels of 64 mel bands in dB, windows of 64 ms, levels below -80 dB counted as that
 * @param logSpectral mean over frames of the root mean square difference of the levels of all bins in dB, the same floor (Gray and Markel
 *     1976)
 */
public record SoundDistances(double siSdr, double logMel, double logSpectral) {
    private static final Map<Integer, Spectrograph> BINS = new ConcurrentHashMap<>();
    private static final Spectrograph MEL = new Spectrograph(SpectrumSettings.defaults());

    /**
     * Compares two sounds.
     *
     * @throws IllegalArgumentException if they differ in length or rate
     */
    public static SoundDistances of(Waveform target, Waveform estimate) {
        if (target.sampleRate() != estimate.sampleRate() || target.samples().length != estimate.samples().length) {
            throw new IllegalArgumentException("sounds of " + target.samples().length + " and "
                    + estimate.samples().length + " samples at " + target.sampleRate() + " and " + estimate.sampleRate()
                    + " Hz cannot be compared");
        }
        Spectrograph bins =
                BINS.computeIfAbsent(target.sampleRate(), rate -> new Spectrograph(SpectrumSettings.bins(rate)));
        return new SoundDistances(
                siSdr(target.samples(), estimate.samples()),
                meanAbsolute(MEL.of(target), MEL.of(estimate)),
                meanRoot(bins.of(target), bins.of(estimate)));
    }

    /** The means of several, each over the finite ones: silence has no ratio. */
    public static SoundDistances mean(List<SoundDistances> all) {
        return new SoundDistances(
                mean(all, SoundDistances::siSdr),
                mean(all, SoundDistances::logMel),
                mean(all, SoundDistances::logSpectral));
    }

    private static double mean(List<SoundDistances> all, ToDoubleFunction<SoundDistances> part) {
        return all.stream().mapToDouble(part).filter(Double::isFinite).average().orElse(Double.NaN);
    }

    private static double siSdr(float[] target, float[] estimate) {
        double product = 0.0;
        double square = 0.0;
        for (int i = 0; i < target.length; i++) {
            product += (double) target[i] * estimate[i];
            square += (double) target[i] * target[i];
        }
        double factor = product / square;
        double signal = 0.0;
        double distortion = 0.0;
        for (int i = 0; i < target.length; i++) {
            double part = factor * target[i];
            signal += part * part;
            distortion += (part - estimate[i]) * (part - estimate[i]);
        }
        return 10.0 * Math.log10(signal / distortion);
    }

    private static double meanAbsolute(Spectrogram target, Spectrogram estimate) {
        double sum = 0.0;
        for (int i = 0; i < target.decibels().length; i++) {
            sum += Math.abs(target.decibels()[i] - estimate.decibels()[i]);
        }
        return sum / target.decibels().length;
    }

    private static double meanRoot(Spectrogram target, Spectrogram estimate) {
        double sum = 0.0;
        for (int frame = 0; frame < target.frames(); frame++) {
            double squares = 0.0;
            for (int band = 0; band < target.bands(); band++) {
                double difference = target.at(frame, band) - estimate.at(frame, band);
                squares += difference * difference;
            }
            sum += Math.sqrt(squares / target.bands());
        }
        return sum / target.frames();
    }
}
