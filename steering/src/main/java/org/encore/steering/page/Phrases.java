package org.encore.steering.page;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.ParallelGenerator.Request;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.audio.Waveform;
import org.encore.steering.control.Control;
import org.encore.steering.control.Dial;
import org.encore.steering.control.Steering;
import org.encore.steering.probes.ProbeDirectory;

/** Plays phrases with a model. One thread at a time. */
abstract sealed class Phrases implements AutoCloseable permits NotePhrases, SoundPhrases {
    private final PretrainedModel model;
    private final ProbeDirectory probes;
    private final ParallelGenerator generator;

    /**
     * What is asked of a phrase.
     *
     * @param text what the music is; empty hides it
     * @param dials one for each trait of the probes, in their order; those of degree 0 are watched alone
     * @param strength alpha
     */
    record Wish(String text, List<Dial> dials, double strength) {}

    /**
     * What steering read and did in a phrase.
     *
     * @param seconds time of each step within the piece, {@code [T]}
     * @param monitor probability of each dial's trait, NaN where it was not read, {@code [dials][T]}
     * @param strength what was added, {@code [dials][T]}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Curves(double[] seconds, float[][] monitor, float[][] strength) {
        static Curves none(int dials) {
            return new Curves(new double[0], new float[dials][0], new float[dials][0]);
        }

        /** These, then others. */
        Curves and(Curves later) {
            float[][] monitors = new float[monitor.length][];
            float[][] strengths = new float[monitor.length][];
            for (int d = 0; d < monitors.length; d++) {
                monitors[d] = joined(monitor[d], later.monitor[d]);
                strengths[d] = joined(strength[d], later.strength[d]);
            }
            double[] times = Arrays.copyOf(seconds, seconds.length + later.seconds.length);
            System.arraycopy(later.seconds, 0, times, seconds.length, later.seconds.length);
            return new Curves(times, monitors, strengths);
        }

        private static float[] joined(float[] first, float[] second) {
            float[] all = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, all, first.length, second.length);
            return all;
        }
    }

    /**
     * A phrase as it was played.
     *
     * @param after the piece with it
     * @param ended whether the model ended the piece before the phrase was full
     */
    record Played(Music after, Curves curves, boolean ended) {}

    Phrases(PretrainedModel model, ProbeDirectory probes, ParallelGenerator generator) {
        this.model = model;
        this.probes = probes;
        this.generator = generator;
    }

    final PretrainedModel model() {
        return model;
    }

    /** Plays what follows a piece; what follows nothing, if there is none yet. */
    abstract Played play(Optional<Music> before, Wish wish, RandomGenerator random);

    /** The sound of a piece. */
    abstract Waveform waveform(Music music);

    /** A completion, and the steering that watched it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Steered(int[][] codes, Steering steering) {
        /** What steering read and did from a step on, up to another. */
        Curves curves(double[] seconds, int from, int to) {
            Steering.Trace trace = steering.trace(0);
            float[][] monitor = new float[trace.monitor().length][];
            float[][] strength = new float[trace.monitor().length][];
            for (int d = 0; d < monitor.length; d++) {
                monitor[d] = Arrays.copyOfRange(trace.monitor()[d], from, to);
                strength[d] = Arrays.copyOfRange(trace.strength()[d], from, to);
            }
            return new Curves(Arrays.copyOfRange(seconds, from, to), monitor, strength);
        }
    }

    /** Continues codes, {@code [K][P]}, up to a number of frames. */
    final Steered generate(Wish wish, int[][] prefix, int frames, RandomGenerator random) {
        Steering steering = new Steering(
                wish.dials(),
                probes.all(),
                Control.defaults().with(wish.strength()),
                model.config().decoder(),
                model.codec());
        Optional<String> text = wish.text().isBlank() ? Optional.empty() : Optional.of(wish.text());
        Completion completion = generator
                .generate(List.of(new Request(text, prefix, frames)), i -> random, steering)
                .get(0);
        return new Steered(completion.codes(), steering);
    }

    @Override
    public void close() {
        generator.close();
    }
}
