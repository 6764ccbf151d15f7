package org.encore.evaluation.perturbation;

import org.encore.evaluation.perturbation.Perturbation.BlockOrder;
import org.encore.evaluation.perturbation.Perturbation.Perturbations;
import org.encore.evaluation.perturbation.Perturbation.Perturbed;
import org.encore.music.audio.NoiseColour;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.AudioCodec.WaveformEncoder;

/** Perturbation of the waveform: decode, change samples, encode; only the codes of the window are taken. */
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

    /** Number of samples of a number of frames. */
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

    /**
     * Replaces the sound of the window by noise, and encodes it again.
     *
     * @param colour spectrum of the noise
     * @param levelDecibels root mean square in dB, in [-120, 0]; the effect depends on it, so match it to the music
     */
    public record WaveformNoise(NoiseColour colour, double levelDecibels) implements Perturbation {
        public WaveformNoise {
            if (!(levelDecibels >= -120.0 && levelDecibels <= 0.0)) {
                throw new IllegalArgumentException("level is " + levelDecibels + " dB, but must lie in [-120, 0]");
            }
        }

        @Override
        public String name() {
            return Perturbations.text(colour);
        }

        @Override
        public void requireUsable(AudioCodec codec) {
            WaveformSplice.requireEncoder(name(), codec);
        }

        @Override
        public Perturbed apply(Material material, int piece, int first, int length) {
            requireUsable(material.codec());
            material.requireRoom(piece, first, length, length);
            return WaveformSplice.apply(material, piece, new int[] {first, first + length}, (samples, from, to) -> {
                double[] noise = colour.samples(to - from, levelDecibels, material.random(piece));
                for (int i = from; i < to; i++) {
                    samples[i] = (float) noise[i - from];
                }
            });
        }
    }

    /**
     * Swaps neighbouring blocks of sound, without cross-fades as in the published experiments, and encodes them again.
     *
     * @param order which blocks are swapped
     */
    public record WaveformShuffle(BlockOrder order) implements Perturbation {
        @Override
        public String name() {
            return "waveform-" + order.text();
        }

        @Override
        public boolean isNoise() {
            return false;
        }

        @Override
        public int framesNeeded(int length) {
            return 2 * length + 1;
        }

        @Override
        public void requireUsable(AudioCodec codec) {
            WaveformSplice.requireEncoder(name(), codec);
        }

        @Override
        public Perturbed apply(Material material, int piece, int first, int length) {
            requireUsable(material.codec());
            material.requireRoom(piece, first, length, framesNeeded(length));
            int last = material.piece(piece)[0].length - 1;
            int[] pairs = order.pairs(first, last, length, material.random(piece));
            int[] window = {pairs[0], pairs[pairs.length - 1] + 2 * length};
            return WaveformSplice.apply(material, piece, window, (samples, from, to) -> {
                double samplesAFrame = (double) (to - from) / (window[1] - window[0]);
                for (int pair : pairs) {
                    swap(samples, from + (pair - window[0]) * samplesAFrame, length * samplesAFrame);
                }
            });
        }

        private static void swap(float[] samples, double start, double length) {
            int from = (int) Math.round(start);
            int block = Math.min((int) length, (samples.length - from) / 2);
            float[] kept = new float[block];
            System.arraycopy(samples, from, kept, 0, block);
            System.arraycopy(samples, from + block, samples, from, block);
            System.arraycopy(kept, 0, samples, from + block, block);
        }
    }
}
