package org.encore.evaluation.perturbation;

import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.WaveformEncoder;

/** The way through the waveform: sound, change, codes again; only the codes of the window are taken. */
final class WaveformSplice {
    private WaveformSplice() {}

    /** A change of samples in place. */
    interface Change {
        void of(float[] samples, int first, int end);
    }

    static void requireEncoder(String name, AudioCodec codec) {
        if (codec.encoder().isEmpty()) {
            throw new IllegalArgumentException("the perturbation " + name + " changes the waveform and needs a codec"
                    + " that turns sound into codes, but this codec has no encoder; use one of the tokens: uniform,"
                    + " unigram, other-piece, adjacent-blocks, random-blocks");
        }
    }

    /** Samples that a number of frames takes. */
    static int samples(AudioCodec codec, Waveform sound, int frames) {
        WaveformEncoder encoder = codec.encoder().orElseThrow();
        return (int) Math.round(frames / encoder.framesPerSecond() * sound.sampleRate());
    }

    static Perturbed apply(Material material, int piece, int[] window, Change change) {
        int first = window[0];
        int end = window[1];
        int[][] clean = material.piece(piece);
        Waveform sound = material.codec().decode(clean).waveform();
        float[] samples = sound.samples().clone();
        change.of(
                samples,
                Math.min(samples.length, samples(material.codec(), sound, first)),
                Math.min(samples.length, samples(material.codec(), sound, end)));
        int[][] heard = material.codec().encoder().orElseThrow().encode(new Waveform(samples, sound.sampleRate()));
        return material.replaced(piece, first, end - first, (k, f) -> f < heard[k].length ? heard[k][f] : clean[k][f]);
    }
}
