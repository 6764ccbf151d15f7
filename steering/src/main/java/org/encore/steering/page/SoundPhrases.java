package org.encore.steering.page;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.WindowedGenerator;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.audio.Waveform;
import org.encore.steering.page.Music.Sound;
import org.encore.steering.probes.ProbeDirectory;

/**
 * Phrases of sound: eight seconds, or two fifths of the model's window where that is shorter. The model reads as much of the piece before them as its window has room for.
 */
final class SoundPhrases extends Phrases {
    private static final double SECONDS = 8.0;
    private static final double SHARE = 0.4;
    /** MusicGen was trained on 30 seconds, though it has positions for more. */
    private static final double WINDOW_SECONDS = 30.0;

    private final double rate;
    private final int window;
    private final int phrase;

    SoundPhrases(PretrainedModel model, ProbeDirectory probes, SamplingSettings sampling) {
        super(model, probes, model.generator(sampling, 1, window(model)));
        this.rate = rate(model);
        this.window = window(model);
        this.phrase = (int) Math.max(1, Math.min(Math.round(SECONDS * rate), Math.round(SHARE * window)));
    }

    private static double rate(PretrainedModel model) {
        return model.codec().encoder().orElseThrow().framesPerSecond();
    }

    private static int window(PretrainedModel model) {
        return (int) Math.min(model.maxFrames(), Math.round(WINDOW_SECONDS * rate(model)));
    }

    @Override
    Played play(Optional<Music> before, Wish wish, RandomGenerator random) {
        int[][] given = before.map(music -> ((Sound) music).codes())
                .orElseGet(() -> new int[model().codec().codebooks()][0]);
        int context = Math.min(given[0].length, window - phrase);
        int[][] prefix = WindowedGenerator.last(given, context);
        Steered steered = generate(wish, prefix, context + phrase, random);
        double[] seconds = new double[context + phrase];
        for (int f = 0; f < seconds.length; f++) {
            seconds[f] = (given[0].length - context + f) / rate;
        }
        int[][] joined = WindowedGenerator.joined(given, steered.codes(), context);
        return new Played(new Sound(joined, rate), steered.curves(seconds, context, seconds.length), false);
    }

    @Override
    Waveform waveform(Music music) {
        return model().codec().decode(((Sound) music).codes()).waveform();
    }
}
