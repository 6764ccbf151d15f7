package org.encore.music.audio;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.encore.base.files.InvalidFileException;

/**
 * Collects the frames of a sound file while a decoder delivers them; the channels are averaged, or kept apart.
 *
 * <p>NaN becomes 0, and what lies beyond [-1, 1] is clipped.
 */
final class FrameSink {
    /** The highest sample rate of a file. */
    static final int HIGHEST_RATE = 1_000_000;

    private static final int BLOCK = 1 << 14;

    /** Bytes of heap for each sample kept: it is in a block and in the result at once, and more than one file is read. */
    private static final int HEAP_BYTES = 16;

    private static final long MOST_SAMPLES =
            Math.min(1L << 28, Runtime.getRuntime().maxMemory() / HEAP_BYTES);

    private final Path name;
    private final boolean apart;

    /** Blocks of {@code [channels kept][BLOCK]} samples. */
    private final List<float[][]> blocks = new ArrayList<>();

    private int channels;
    private int sampleRate;
    private int frames;

    /**
     * An empty sink.
     *
     * @param name the name in messages
     * @param apart whether channels are kept apart
     */
    FrameSink(Path name, boolean apart) {
        this.name = name;
        this.apart = apart;
    }

    /**
     * Announces frames. A file may announce again, but not change.
     *
     * @throws InvalidFileException if there are no channels, the rate is not possible, or either changes within the file
     */
    void begin(int newChannels, int newSampleRate) {
        if (newChannels < 1 || newSampleRate < 1 || newSampleRate > HIGHEST_RATE) {
            throw new InvalidFileException(
                    name,
                    "is damaged: it claims " + newChannels + " channels of " + newSampleRate + " samples a second");
        }
        if (channels != 0 && (channels != newChannels || sampleRate != newSampleRate)) {
            throw new InvalidFileException(
                    name,
                    "changes from " + channels + " channels of " + sampleRate + " samples a second to " + newChannels
                            + " of " + newSampleRate + " in the middle; cut it there");
        }
        channels = newChannels;
        sampleRate = newSampleRate;
    }

    /** Whether the format is known. */
    boolean hasBegun() {
        return channels != 0;
    }

    /** Samples a second, once the format is known. */
    int sampleRate() {
        return sampleRate;
    }

    /** Frames so far. */
    int frames() {
        return frames;
    }

    /**
     * Adds a frame.
     *
     * @param frame one sample of each channel
     */
    void add(float[] frame) {
        int at = frames % BLOCK;
        if (at == 0) {
            grow();
        }
        float[][] block = blocks.get(blocks.size() - 1);
        float sum = 0.0f;
        for (int channel = 0; channel < channels; channel++) {
            float sample = frame[channel];
            float clean = Float.isNaN(sample) ? 0.0f : Math.max(-1.0f, Math.min(1.0f, sample));
            if (apart) {
                block[channel][at] = clean;
            }
            sum += clean;
        }
        if (!apart) {
            block[0][at] = sum / channels;
        }
        frames++;
    }

    /** Drops all frames from a number on; there are at most as many afterwards. */
    void truncate(int count) {
        frames = Math.min(frames, Math.max(0, count));
        while (blocks.size() > (frames + BLOCK - 1) / BLOCK) {
            blocks.remove(blocks.size() - 1);
        }
    }

    private void grow() {
        int kept = apart ? channels : 1;
        if ((frames + (long) BLOCK) * kept > MOST_SAMPLES) {
            throw new InvalidFileException(
                    name,
                    "lasts longer than " + MOST_SAMPLES / kept / sampleRate / 60
                            + " minutes, the most for a file of sound; cut it into parts");
        }
        blocks.add(new float[kept][BLOCK]);
    }

    /**
     * The sound of a sink that averages.
     *
     * @throws InvalidFileException if there are no frames
     */
    Waveform mean() {
        requireFrames();
        return new Waveform(joined(0), sampleRate);
    }

    /**
     * The channels of a sink that keeps them apart.
     *
     * @throws InvalidFileException if there are no frames
     */
    List<Waveform> channels() {
        requireFrames();
        List<Waveform> all = new ArrayList<>();
        for (int channel = 0; channel < blocks.get(0).length; channel++) {
            all.add(new Waveform(joined(channel), sampleRate));
        }
        return List.copyOf(all);
    }

    private void requireFrames() {
        if (frames == 0) {
            throw new InvalidFileException(name, "has no sound in it: there is not one sample");
        }
    }

    private float[] joined(int channel) {
        float[] all = new float[frames];
        for (int block = 0; block < blocks.size(); block++) {
            int from = block * BLOCK;
            System.arraycopy(blocks.get(block)[channel], 0, all, from, Math.min(BLOCK, frames - from));
        }
        return all;
    }
}
