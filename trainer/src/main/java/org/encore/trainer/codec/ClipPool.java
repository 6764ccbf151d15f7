package org.encore.trainer.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.audio.Waveform;
import org.encore.music.corpus.Split;
import org.encore.run.Progress;
import org.encore.trainer.codec.SoundSource.Recordings;

/**
 * The sound to train on, in memory with 16 bits a sample, and crops of it; every second of sound is drawn equally often. Which crops a
 * step has depends on the seed and the step alone. Safe to use from several threads.
 */
final class ClipPool {
    /** Rendered or decoded at once, and in one progress report. */
    private static final int AT_ONCE = 16;

    /** Root mean square below which a crop is drawn again: -50 dB. */
    private static final double QUIET = 0.00316;

    private static final int DRAWS = 8;
    private static final float SCALE = 32767.0f;

    private final RandomStreams streams;
    private final int samples;
    private final double gain;
    private final List<Recordings> sources;
    private final int sampleRate;
    private final List<short[]> recordings = new ArrayList<>();

    /** For each recording, the first of the places at which crops can begin. */
    private final List<Long> starts = new ArrayList<>();

    private long places;
    private double seconds;

    /**
     * Prepares a pool, which is empty before {@link #fill}.
     *
     * @param samples of a crop
     * @param gain largest change of level, in decibels
     */
    ClipPool(List<Recordings> sources, int sampleRate, int samples, double gain, RandomStreams streams) {
        this.sources = List.copyOf(sources);
        this.sampleRate = sampleRate;
        this.samples = samples;
        this.gain = gain;
        this.streams = streams;
    }

    /** Renders and decodes everything, on all processors. */
    void fill(Progress progress) throws IOException {
        for (Recordings source : sources) {
            double kept = 0.0;
            for (int from = 0; from < source.training() && kept < source.mostSeconds(); from += AT_ONCE) {
                int to = Math.min(source.training(), from + AT_ONCE);
                List<short[]> next;
                try {
                    next = IntStream.range(from, to)
                            .parallel()
                            .mapToObj(i -> shorts(source, i))
                            .toList();
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
                for (short[] sound : next) {
                    kept += (double) sound.length / sampleRate;
                    add(sound);
                }
                progress.step("sound", to, source.training(), "");
            }
            seconds += kept;
        }
        if (recordings.isEmpty()) {
            throw new IllegalArgumentException("sound holds no recording of " + (double) samples / sampleRate
                    + " s, the length of a clip: shorten training.clipSeconds, or add longer files");
        }
    }

    private void add(short[] sound) {
        if (sound.length >= samples) {
            recordings.add(sound);
            starts.add(places);
            places += sound.length - samples + 1L;
        }
    }

    private static short[] shorts(Recordings source, int index) {
        try {
            float[] sound = source.train(index).samples();
            short[] shorts = new short[sound.length];
            for (int i = 0; i < shorts.length; i++) {
                shorts[i] = (short) Math.round(SCALE * Math.max(-1.0f, Math.min(1.0f, sound[i])));
            }
            return shorts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Seconds of sound in memory. */
    double seconds() {
        return seconds;
    }

    /** Copies a crop of a step: at a random place that is not silent, if a few draws find one, with a random gain that does not clip. */
    void crop(long step, int index, float[] target) {
        RandomGenerator random = streams.stream(Purpose.DATA_ORDER, step, index);
        for (int draw = 0; draw < DRAWS; draw++) {
            long place = random.nextLong(places);
            int recording = recordingAt(place);
            copy(recordings.get(recording), (int) (place - starts.get(recording)), target);
            if (level(target) > QUIET) {
                break;
            }
        }
        float peak = 0.0f;
        for (float sample : target) {
            peak = Math.max(peak, Math.abs(sample));
        }
        double factor = StrictMath.pow(10.0, gain * (2.0 * random.nextDouble() - 1.0) / 20.0);
        float scale = (float) (peak * factor > 1.0 ? 1.0 / peak : factor);
        for (int i = 0; i < target.length; i++) {
            target[i] *= scale;
        }
    }

    private static void copy(short[] source, int from, float[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = source[from + i] / SCALE;
        }
    }

    private static double level(float[] samples) {
        double sum = 0.0;
        for (float sample : samples) {
            sum += (double) sample * sample;
        }
        return Math.sqrt(sum / samples.length);
    }

    private int recordingAt(long place) {
        int low = 0;
        int high = starts.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts.get(middle) <= place) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** A held-out recording with its name. */
    record HeldOut(String name, Waveform sound) {}

    /** The first held-out recordings, all sources in turn; no longer than {@code seconds} each. */
    List<HeldOut> heldOut(Split split, int count, double longest) throws IOException {
        List<HeldOut> found = new ArrayList<>();
        boolean more = true;
        for (int index = 0; more && found.size() < count; index++) {
            more = false;
            for (Recordings source : sources) {
                if (found.size() < count && index < source.heldOut(split, index + 1)) {
                    more = true;
                    Waveform sound = source.heldOutAt(split, index);
                    found.add(new HeldOut(source.nameOf(split, index), beginning(sound, longest)));
                }
            }
        }
        return found;
    }

    private static Waveform beginning(Waveform sound, double longest) {
        int most = (int) Math.min(Integer.MAX_VALUE, Math.ceil(longest * sound.sampleRate()));
        float[] samples = sound.samples();
        return samples.length <= most
                ? sound
                : new Waveform(java.util.Arrays.copyOf(samples, most), sound.sampleRate());
    }

    /** Crops of held-out recordings, the same every time, for measuring while training; fewer if there are fewer recordings. */
    List<float[]> heldOutCrops(int count) throws IOException {
        List<float[]> crops = new ArrayList<>();
        List<HeldOut> recordings = heldOut(Split.DEVELOPMENT, count, Double.POSITIVE_INFINITY);
        for (int i = 0; i < recordings.size(); i++) {
            float[] sound = recordings.get(i).sound().samples();
            float[] crop = new float[samples];
            RandomGenerator random = streams.stream(Purpose.EVALUATION, i);
            for (int draw = 0; draw < DRAWS; draw++) {
                int from = random.nextInt(Math.max(1, sound.length - samples + 1));
                System.arraycopy(sound, from, crop, 0, Math.min(samples, sound.length));
                if (level(crop) > QUIET) {
                    break;
                }
            }
            crops.add(crop);
        }
        return crops;
    }
}
