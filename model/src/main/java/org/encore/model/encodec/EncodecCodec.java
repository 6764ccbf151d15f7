package org.encore.model.encodec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.parallel.Shards;
import org.encore.music.audio.Resampler;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.AudioCodec.WaveformEncoder;
import org.encore.music.codec.Clip;

/**
 * EnCodec as the codec of a model.
 *
 * <p>A stereo MusicGen has twice the codebooks of its codec, which is mono: even rows code the left channel, odd rows the right
 * one.
 *
 * <p>It computes on shards of its own, one clip at a time, so that any thread may ask a clip for its sound until the codec is
 * closed.
 */
public final class EncodecCodec implements AudioCodec, WaveformEncoder {
    /** The name of this codec. */
    public static final String NAME = EncodecConfig.MODEL_TYPE;

    private final EncodecModel model;
    private final Shards shards;
    private final int parts;
    private ChunkedDecoder decoder;
    private ChunkedEncoder encoder;
    private boolean closed;

    /**
     * Takes a model.
     *
     * @param shards hold the model's weights; closed with the codec
     * @param parts sounds that are coded side by side, row by row: 2 for a stereo model of a mono codec, else 1
     */
    public EncodecCodec(EncodecModel model, Shards shards, int parts) {
        this.model = model;
        this.shards = shards;
        this.parts = parts;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int codebooks() {
        return parts * model.config().codebooks();
    }

    @Override
    public int cardinality() {
        return model.config().codebookSize();
    }

    /** Channels of a sound. */
    public int channels() {
        return parts * model.config().channels();
    }

    /** Samples a second. */
    public int sampleRate() {
        return model.config().sampleRate();
    }

    @Override
    public double framesPerSecond() {
        return model.config().framesPerSecond();
    }

    @Override
    public int validFrames(int[][] codes) {
        return codes[0].length;
    }

    @Override
    public Optional<double[]> seconds(int[][] codes) {
        double[] seconds = new double[codes[0].length];
        for (int f = 0; f < seconds.length; f++) {
            seconds[f] = f / framesPerSecond();
        }
        return Optional.of(seconds);
    }

    @Override
    public Optional<WaveformEncoder> encoder() {
        return Optional.of(this);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if there are not {@link #codebooks} rows
     */
    @Override
    public Clip decode(int[][] codes) {
        if (codes.length != codebooks()) {
            throw new IllegalArgumentException(
                    "codes have " + codes.length + " codebooks, but this codec has " + codebooks());
        }
        int[][] own = new int[codes.length][];
        for (int k = 0; k < own.length; k++) {
            own[k] = codes[k].clone();
        }
        return Clip.of(() -> sound(own));
    }

    private synchronized Waveform sound(int[][] codes) {
        requireOpen();
        if (decoder == null) {
            decoder = new ChunkedDecoder(model, shards, Packing.INT16);
        }
        List<float[]> channels = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int[][] rows = new int[model.config().codebooks()][];
            for (int k = 0; k < rows.length; k++) {
                rows[k] = codes[k * parts + part];
            }
            channels.addAll(List.of(decoder.decode(rows)));
        }
        return new Waveform(channels, sampleRate());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the codec is closed: render clips while their model is open");
        }
    }

    /**
     * Encodes a sound at any rate. If it has another number of channels than the codec, each channel of the codec gets the mean.
     */
    @Override
    public synchronized int[][] encode(Waveform waveform) {
        requireOpen();
        if (encoder == null) {
            encoder = new ChunkedEncoder(model, shards);
        }
        Waveform sound = new Resampler(waveform.sampleRate(), sampleRate()).resampled(waveform);
        int together = model.config().channels();
        int[][] codes = new int[codebooks()][];
        for (int part = 0; part < parts; part++) {
            float[][] channels = new float[together][];
            for (int c = 0; c < together; c++) {
                channels[c] = sound.channels() == channels() ? sound.channel(part * together + c) : sound.samples();
            }
            int[][] rows = encoder.encode(channels);
            for (int k = 0; k < rows.length; k++) {
                codes[k * parts + part] = rows[k];
            }
        }
        return codes;
    }

    @Override
    public synchronized void close() {
        closed = true;
        shards.close();
    }
}
