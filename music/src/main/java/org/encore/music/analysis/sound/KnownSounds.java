package org.encore.music.analysis.sound;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.encore.music.Instrument.Family;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.analysis.rules.ModeRule;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.Waveform;
import org.encore.music.etudes.Etudes;
import org.encore.music.etudes.Etudes.Etude;
import org.encore.music.text.Attributes;

/** Études as sound, whose attributes are known from the composer and from the notes. */
final class KnownSounds {
    /** Sounds that are rendered at a time. */
    private static final int AT_ONCE = 64;

    /** Notes of a family, within the clip, from which on it plays. */
    private static final int FEWEST_NOTES = 2;

    private KnownSounds() {}

    /**
     * What is true of a clip.
     *
     * @param attributes of the composer, of the whole piece
     * @param bpm quarter notes a minute
     * @param tonic pitch class, by the rule for notes
     * @param families that play at least two notes in the clip
     * @param onsets distinct onsets a second in the clip
     */
    record Truth(Attributes attributes, int bpm, int tonic, Set<Family> families, double onsets) {}

    /** A clip as it was heard, and what is true of it. */
    record Known(SoundAnalysis heard, Truth truth) {}

    /**
     * Beginnings of études.
     *
     * @param etudes of an index, such as {@code new Etudes(1)::train}
     * @param count how many, from index 0 on
     * @param seconds length of a clip; shorter pieces stay as they are
     * @param through what the sound passes through before it is heard, such as a codec; called from one thread, in order
     * @param done is told how many are done
     */
    static List<Known> of(
            LongFunction<Etude> etudes, int count, double seconds, UnaryOperator<Waveform> through, IntConsumer done) {
        Synthesiser.Settings standard = Synthesiser.Settings.standard();
        Synthesiser synthesiser = new Synthesiser(
                new Synthesiser.Settings(standard.sampleRate(), standard.tailSeconds(), Math.max(1.0, seconds)));
        List<Known> known = new ArrayList<>();
        for (int first = 0; first < count; first += AT_ONCE) {
            List<Etude> block = IntStream.range(first, Math.min(count, first + AT_ONCE))
                    .mapToObj(etudes::apply)
                    .toList();
            List<Waveform> sounds = block.parallelStream()
                    .map(etude -> cut(synthesiser.render(etude.piece()), seconds))
                    .toList();
            List<Waveform> passed = sounds.stream().map(through).toList();
            List<SoundAnalysis> heard =
                    passed.parallelStream().map(SoundAnalysis::of).toList();
            for (int i = 0; i < block.size(); i++) {
                known.add(new Known(heard.get(i), truth(block.get(i), seconds)));
            }
            done.accept(known.size());
        }
        return known;
    }

    private static Waveform cut(Waveform sound, double seconds) {
        int samples = (int) Math.min(sound.samples().length, Math.round(seconds * sound.sampleRate()));
        float[] beginning = new float[samples];
        System.arraycopy(sound.samples(), 0, beginning, 0, samples);
        return new Waveform(beginning, sound.sampleRate());
    }

    private static Truth truth(Etude etude, double seconds) {
        Piece piece = etude.piece();
        Map<Family, Integer> notes = new EnumMap<>(Family.class);
        Set<Integer> onsets = new TreeSet<>();
        for (Note note : piece.notes()) {
            if (note.onset() * piece.secondsPerTick() < seconds) {
                notes.merge(note.instrument().family(), 1, Integer::sum);
                onsets.add(note.onset());
            }
        }
        Set<Family> playing = EnumSet.noneOf(Family.class);
        notes.forEach((family, count) -> {
            if (count >= FEWEST_NOTES) {
                playing.add(family);
            }
        });
        return new Truth(
                etude.truth(),
                piece.tempoBpm(),
                new ModeRule(piece).tonic(),
                playing,
                onsets.size() / Math.min(seconds, Math.max(0.1, piece.seconds())));
    }

    /** The training études of a seed. */
    static LongFunction<Etude> training(long seed) {
        return new Etudes(seed)::train;
    }

    /** The test études of a seed: of combinations that no training étude has. */
    static LongFunction<Etude> test(long seed) {
        return new Etudes(seed)::test;
    }
}
