package org.encore.music.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.base.settings.Checks;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.AudioCodec.WaveformEncoder;
import org.encore.music.text.Prompt;

/** Clips of one length for a codec of sound, and their encoding. */
public final class SoundClips {
    /** Frames that are decoded to learn the sample rate and the channels of a codec. */
    private static final int PROBE_FRAMES = 16;

    private final WaveformEncoder encoder;
    private final int sampleRate;
    private final int channels;
    private final int frames;
    private final int samples;
    private final String identity;

    /**
     * A clip and its caption.
     *
     * @param codes {@code [K][F]}
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    public record CaptionedCodes(Prompt prompt, int[][] codes) {}

    /**
     * Checks a length.
     *
     * @throws IllegalArgumentException if it is not in [0.1, 600]
     */
    static void requireSeconds(double clipSeconds) {
        Checks.within("clipSeconds", clipSeconds, 0.1, 600.0);
    }

    private SoundClips(AudioCodec codec, WaveformEncoder encoder, Waveform probe, int frames) {
        this.encoder = encoder;
        this.sampleRate = probe.sampleRate();
        this.channels = probe.channels();
        this.frames = frames;
        this.samples = (int) Math.round(frames / encoder.framesPerSecond() * sampleRate);
        this.identity = CodeCache.identity(codec, encoder, probe, frames);
    }

    /**
     * Clips of a length.
     *
     * @param clipSeconds their length
     * @param maxFrames the most frames that the model reads
     * @param what has the sound, for a message, such as "a folder of sound"
     * @throws IllegalArgumentException if the codec does not encode sound, or the clips have too many frames
     */
    static SoundClips of(AudioCodec codec, double clipSeconds, int maxFrames, String what) {
        WaveformEncoder encoder = codec.encoder()
                .orElseThrow(() -> new IllegalArgumentException("the codec " + codec.name()
                        + " does not encode sound, but " + what + " needs a model whose codec does"));
        int frames = frames(encoder, clipSeconds);
        if (frames > maxFrames) {
            throw new IllegalArgumentException("clipSeconds is " + clipSeconds + ", which are " + frames
                    + " frames of the codec, but the model reads at most " + maxFrames + "; make it at most "
                    + Math.floor(10 * maxFrames / encoder.framesPerSecond()) / 10);
        }
        Waveform probe = codec.decode(new int[codec.codebooks()][PROBE_FRAMES]).waveform();
        return new SoundClips(codec, encoder, probe, frames);
    }

    /** Frames of a clip. */
    public static int frames(WaveformEncoder encoder, double clipSeconds) {
        return Math.max(1, (int) Math.round(clipSeconds * encoder.framesPerSecond()));
    }

    /** Frames of a clip. */
    public int frames() {
        return frames;
    }

    /** Samples of a clip. */
    int samples() {
        return samples;
    }

    int sampleRate() {
        return sampleRate;
    }

    /** Channels of the codec's sound. */
    int channels() {
        return channels;
    }

    /** What codes depend on beside the sound: the codec and the length of a clip. One word. */
    String identity() {
        return identity;
    }

    /**
     * The codes of the clip that begins at a sample.
     *
     * @param whole a sound at {@link #sampleRate}; where it ends, silence follows; with another number of channels than the
     *     codec's, its mean is each of them
     * @return {@code [K][F]}
     */
    int[][] encode(Waveform whole, int from) {
        List<float[]> clip = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            float[] source = whole.channels() == channels ? whole.channel(c) : whole.samples();
            float[] part = new float[samples];
            System.arraycopy(source, from, part, 0, Math.min(samples, source.length - from));
            clip.add(part);
        }
        int[][] codes = encoder.encode(new Waveform(clip, sampleRate));
        int[][] cut = new int[codes.length][];
        for (int k = 0; k < codes.length; k++) {
            cut[k] = Arrays.copyOf(codes[k], Math.min(frames, codes[k].length));
        }
        return cut;
    }
}
