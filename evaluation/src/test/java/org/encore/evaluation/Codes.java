package org.encore.evaluation;

import java.util.Optional;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.AudioCodec.WaveformEncoder;
import org.encore.music.codec.Clip;

/** Codecs that are nothing but a size, or that hold one code in four samples of equal height. */
public final class Codes {
    /** Samples of a frame of {@link #audible}. */
    public static final int SAMPLES = 4;

    private Codes() {}

    /** A codec that cannot play. */
    public static AudioCodec of(int codebooks, int cardinality) {
        return new Plain(codebooks, cardinality);
    }

    /**
     * A codec with 10 frames per second, which decodes a code to four samples of {@code code / cardinality} and encodes
     * them back.
     */
    public static AudioCodec audible(int cardinality) {
        return new Audible(cardinality);
    }

    private static class Plain implements AudioCodec {
        private final int codebooks;
        private final int cardinality;

        Plain(int codebooks, int cardinality) {
            this.codebooks = codebooks;
            this.cardinality = cardinality;
        }

        @Override
        public String name() {
            return "plain";
        }

        @Override
        public int codebooks() {
            return codebooks;
        }

        @Override
        public int cardinality() {
            return cardinality;
        }

        @Override
        public Clip decode(int[][] codes) {
            throw new IllegalStateException("nobody listens here");
        }

        @Override
        public int validFrames(int[][] codes) {
            return codes[0].length;
        }
    }

    private static final class Audible extends Plain implements WaveformEncoder {
        Audible(int cardinality) {
            super(1, cardinality);
        }

        @Override
        public Clip decode(int[][] codes) {
            float[] samples = new float[codes[0].length * SAMPLES];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (float) codes[0][i / SAMPLES] / cardinality();
            }
            return Clip.of(new Waveform(samples, 10 * SAMPLES));
        }

        @Override
        public Optional<WaveformEncoder> encoder() {
            return Optional.of(this);
        }

        @Override
        public double framesPerSecond() {
            return 10.0;
        }

        @Override
        public int[][] encode(Waveform waveform) {
            int[] codes = new int[waveform.samples().length / SAMPLES];
            for (int f = 0; f < codes.length; f++) {
                double sum = 0;
                for (int i = 0; i < SAMPLES; i++) {
                    sum += waveform.samples()[f * SAMPLES + i];
                }
                long code = Math.round(sum / SAMPLES * cardinality());
                codes[f] = (int) Math.max(0, Math.min(cardinality() - 1, code));
            }
            return new int[][] {codes};
        }
    }
}
