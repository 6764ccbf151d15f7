package org.encore.steering.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.decoding.SequenceTap;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.ParallelGenerator.Request;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.etudes.Etudes;
import org.encore.music.etudes.Etudes.Etude;
import org.encore.steering.probes.Trait;

/** The beginnings of held-out études without a trait, and what a model makes of them. */
final class Continuations {
    /** Held-out études before this number are for probes. */
    private static final int FIRST = 1_000_000;

    private static final int BATCH = 16;
    /** Beginnings leave the model at least half of its positions. */
    private static final int SHARE = 2;

    private final PretrainedModel model;
    private final SymbolicCodec codec;
    private final List<int[][]> prefixes;
    private final List<Piece> prompts;
    private final List<Integer> etudes;

    private Continuations(PretrainedModel model, List<int[][]> prefixes, List<Piece> prompts, List<Integer> etudes) {
        this.model = model;
        this.codec = model.symbolicCodec();
        this.prefixes = prefixes;
        this.prompts = prompts;
        this.etudes = etudes;
    }

    /** The beginnings of the first held-out études without a trait. */
    static Continuations of(PretrainedModel model, Trait.Known trait, int count, double seconds, long seed) {
        Continuations found = new Continuations(model, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Etudes all = new Etudes(seed);
        for (int index = FIRST; found.prefixes.size() < count; index++) {
            Etude etude = all.heldOut(index);
            if (!trait.isIn(etude.truth())) {
                found.add(etude.piece(), index, seconds);
            }
        }
        return found;
    }

    private void add(Piece piece, int index, double seconds) {
        int[][] codes = codec.encode(piece);
        int frames = frames(codes, seconds);
        if (frames > 0 && frames <= model.maxFrames() / SHARE) {
            int[][] prefix = new int[codes.length][];
            for (int k = 0; k < codes.length; k++) {
                prefix[k] = Arrays.copyOf(codes[k], frames);
            }
            prefixes.add(prefix);
            prompts.add(codec.piece(prefix));
            etudes.add(index);
        }
    }

    /** The first of these. */
    Continuations first(int count) {
        return new Continuations(
                model, prefixes.subList(0, count), prompts.subList(0, count), etudes.subList(0, count));
    }

    /** Frames up to the last whole note that begins before a time. */
    private int frames(int[][] codes, double seconds) {
        double[] times = codec.seconds(codes).orElseThrow();
        int frames = 0;
        while (frames < times.length && times[frames] < seconds) {
            frames++;
        }
        while (frames > 0 && !codec.completes(codes[0][frames - 1])) {
            frames--;
        }
        return frames;
    }

    /** The beginnings. */
    List<Piece> prompts() {
        return prompts;
    }

    /** Number of each beginning's étude; those of other traits may be the same. */
    List<Integer> etudes() {
        return etudes;
    }

    /**
     * Continues all beginnings.
     *
     * @param text text of all; empty hides it
     * @return what follows each beginning, moved to the start of its first bar
     */
    List<Piece> generate(Optional<String> text, SequenceTap.Source taps, long seed) {
        List<Request> requests =
                prefixes.stream().map(prefix -> new Request(text, prefix)).toList();
        RandomStreams streams = new RandomStreams(seed);
        List<Completion> completions;
        try (ParallelGenerator generator = model.generator(SamplingSettings.defaults(), BATCH)) {
            completions = generator.generate(requests, i -> streams.stream(Purpose.SAMPLING, i), taps);
        }
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            pieces.add(rest(codec.piece(completions.get(i).codes()), prompts.get(i)));
        }
        return pieces;
    }

    private static Piece rest(Piece whole, Piece beginning) {
        Set<Note> known = new HashSet<>(beginning.notes());
        List<Note> rest =
                whole.notes().stream().filter(note -> !known.contains(note)).toList();
        int bar = whole.meter().ticksPerBar();
        int start = rest.isEmpty() ? 0 : rest.get(0).onset() / bar * bar;
        return new Piece(
                whole.tempoBpm(),
                whole.meter(),
                rest.stream()
                        .map(note -> new Note(
                                note.instrument(),
                                note.onset() - start,
                                note.duration(),
                                note.pitch(),
                                note.velocity()))
                        .toList());
    }
}
