package org.encore.steering.page;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.notes.NoteLanguage;
import org.encore.music.codec.notes.NoteVocabulary;
import org.encore.music.codec.notes.NoteVocabulary.CodeKind;
import org.encore.steering.page.Music.Notes;
import org.encore.steering.probes.ProbeDirectory;

/**
 * Phrases of four bars of notes.
 *
 * <p>The model reads the last bars of the piece as if the piece began with them: four, or as many as leave it half of its positions. Where it ends the piece before four bars are full, or runs out of positions, it is asked again behind what there is; after an end with fewer bars before it, because models end pieces where pieces end.
 */
final class NotePhrases extends Phrases {
    /** Bars of a phrase. */
    static final int BARS = 4;

    private static final int MOST_ATTEMPTS = 6;
    private static final int BAR = NoteVocabulary.codeOf(CodeKind.BAR, 0);

    private final Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());

    NotePhrases(PretrainedModel model, ProbeDirectory probes, SamplingSettings sampling) {
        super(model, probes, model.generator(sampling, 1));
    }

    /** A piece to continue, from its first bar to the end of its last. */
    static Notes beginning(Piece piece) {
        Piece quantised = NoteLanguage.quantised(piece);
        int bar = quantised.meter().ticksPerBar();
        int bars = quantised.notes().stream()
                .mapToInt(note -> note.onset() / bar + 1)
                .max()
                .orElse(0);
        return new Notes(quantised, bars);
    }

    @Override
    Played play(Optional<Music> before, Wish wish, RandomGenerator random) {
        Optional<Notes> music = before.map(Notes.class::cast);
        int goal = bars(music) + BARS;
        Curves curves = Curves.none(wish.dials().size());
        int context = BARS;
        boolean ended = false;
        for (int i = 0; i < MOST_ATTEMPTS && bars(music) < goal; i++) {
            Part part = part(music, context, wish, random);
            int bars = Math.min(part.bars(), goal - bars(music));
            if (bars > 0) {
                Notes grown = music.orElseGet(() -> new Notes(part.empty(), 0));
                double from = grown.seconds();
                music = Optional.of(grown.with(part.notes(), bars));
                curves = curves.and(part.curves(from, music.get().seconds()));
            }
            ended = part.ended();
            context = ended ? Math.max(1, context / 2) : BARS;
        }
        Notes full = music.orElseGet(() -> new Notes(new Piece(120, Meter.FOUR_FOUR, List.of()), 0));
        return new Played(full.with(List.of(), goal - full.bars()), curves, full.bars() < goal);
    }

    private static int bars(Optional<Notes> music) {
        return music.map(Notes::bars).orElse(0);
    }

    /**
     * What one completion adds.
     *
     * @param read bars that the model read
     * @param bars whole bars that it added
     * @param whole the bars read and added, and what may follow them
     * @param from first step that the model chose
     * @param ended whether it ended the piece
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Part(int read, int bars, Piece whole, Steered steered, double[] seconds, int from, boolean ended) {
        Piece empty() {
            return new Piece(whole.tempoBpm(), whole.meter(), List.of());
        }

        List<Note> notes() {
            int first = read * whole.meter().ticksPerBar();
            return Notes.moved(new Notes(whole, 0).notesFrom(first), -first);
        }

        /** What steering did between two moments of the piece, of which the first is where the part begins. */
        Curves curves(double start, double end) {
            double shift = start - read * new Notes(whole, 0).secondsPerBar();
            double[] moved = Arrays.stream(seconds).map(each -> each + shift).toArray();
            int to = from;
            while (to < moved.length && moved[to] < end) {
                to++;
            }
            return steered.curves(moved, from, to);
        }
    }

    private Part part(Optional<Notes> music, int most, Wish wish, RandomGenerator random) {
        int read = 0;
        int[] prefix = {};
        if (music.isPresent()) {
            for (read = Math.min(most, music.get().bars()); read > 0; read--) {
                Notes last = music.get().last(read);
                prefix = NoteLanguage.beginning(last.piece(), read);
                if (prefix.length <= model().maxFrames() / 2) {
                    break;
                }
            }
            if (read == 0) {
                prefix = NoteLanguage.beginning(
                        new Piece(
                                music.get().piece().tempoBpm(),
                                music.get().piece().meter(),
                                List.of()),
                        0);
            }
        }
        Steered steered = generate(wish, new int[][] {prefix}, model().maxFrames(), random);
        int[] codes = steered.codes()[0];
        boolean ended = codes[codes.length - 1] == NoteLanguage.END;
        int opened = (int) Arrays.stream(codes).filter(code -> code == BAR).count();
        // The last bar of a model without more positions may be cut off, unless it is the only one.
        int added = opened - read - (ended || opened - read == 1 ? 0 : 1);
        double[] seconds = model().codec().seconds(steered.codes()).orElseThrow();
        return new Part(read, Math.max(0, added), NoteLanguage.read(codes), steered, seconds, prefix.length, ended);
    }

    @Override
    Waveform waveform(Music music) {
        return synthesiser.render(((Notes) music).piece());
    }
}
