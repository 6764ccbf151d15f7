package org.encore.steering.page;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.midi.MidiFiles;
import org.encore.steering.page.Music.Notes;
import org.encore.steering.page.Phrases.Played;
import org.encore.steering.page.Phrases.Wish;
import org.encore.web.Refusal;
import org.encore.web.Refusal.Reason;

/**
 * A piece that grows phrase by phrase. Of the last phrase there may be several takes, of which one counts; the next phrase keeps that one for good. Whatever changes the piece can be taken back.
 *
 * <p>Thread-safe: phrases are played one after the other, while others look and listen.
 */
final class Performance {
    /** As long as the synthesiser renders. */
    private static final double LONGEST_SECONDS = 600.0;

    private static final int MOST_UNDONE = 200;
    private static final int SOUNDS_KEPT = 3;
    private static final double PEAKS_PER_SECOND = 40.0;
    private static final float PERCENT = 100.0f;

    private final Phrases phrases;
    private final Optional<Music> beginning;
    private final RandomStreams streams;
    private final Deque<List<Phrase>> past = new ArrayDeque<>();
    private final Map<Music, byte[]> sounds = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Music, byte[]> eldest) {
            return size() > SOUNDS_KEPT;
        }
    };
    private volatile State state = new State(List.of(), false);
    private long takes;

    /**
     * One way that a phrase was played.
     *
     * @param id names it
     * @param before the piece without it; empty if there was none
     * @param peaks outline of its sound, where 100 is full scale; empty for notes
     */
    record Take(long id, Wish wish, Optional<Music> before, Played played, List<Integer> peaks) {
        double from() {
            return before.map(Music::seconds).orElse(0.0);
        }

        double to() {
            return played.after().seconds();
        }
    }

    /**
     * A phrase.
     *
     * @param takes at least one
     * @param chosen the one that counts
     */
    record Phrase(List<Take> takes, int chosen) {
        Take take() {
            return takes.get(chosen);
        }
    }

    /**
     * What there is at a moment.
     *
     * @param undoable whether there is something to take back
     */
    record State(List<Phrase> phrases, boolean undoable) {}

    /** Begins with a piece to continue, or with nothing. */
    Performance(Phrases phrases, Optional<Music> beginning, long seed) {
        this.phrases = phrases;
        this.beginning = beginning;
        this.streams = new RandomStreams(seed);
    }

    State state() {
        return state;
    }

    /** The piece that was given to continue. */
    Optional<Music> beginning() {
        return beginning;
    }

    /** The piece as it is. */
    Optional<Music> music() {
        List<Phrase> all = state.phrases();
        return all.isEmpty()
                ? beginning
                : Optional.of(all.get(all.size() - 1).take().played().after());
    }

    /** Keeps the last phrase as it is and plays one more. */
    synchronized void next(Wish wish) {
        Optional<Music> before = music();
        if (before.isPresent() && before.get().seconds() >= LONGEST_SECONDS) {
            throw Refusal.of(
                    Reason.FULL, "this piece has ten minutes, which is as long as one may be: export it, or take back");
        }
        List<Phrase> all = new ArrayList<>(state.phrases());
        all.add(new Phrase(List.of(play(before, wish)), 0));
        change(all);
    }

    /** Plays the last phrase once more, as another take. */
    synchronized void again(Wish wish) {
        Phrase last = last();
        List<Take> all = new ArrayList<>(last.takes());
        all.add(play(last.take().before(), wish));
        replaceLast(new Phrase(all, all.size() - 1));
    }

    /** Chooses a take of the last phrase. */
    synchronized void choose(int take) {
        Phrase last = last();
        if (take < 0 || take >= last.takes().size()) {
            throw Refusal.malformed("take must lie in [0, " + (last.takes().size() - 1) + "]");
        }
        if (take != last.chosen()) {
            replaceLast(new Phrase(last.takes(), take));
        }
    }

    /** Takes the last change back. */
    synchronized void undo() {
        if (past.isEmpty()) {
            throw Refusal.of(Reason.TOO_EARLY, "there is nothing to take back");
        }
        List<Phrase> before = past.pop();
        state = new State(before, !past.isEmpty());
    }

    /** Begins anew; this too can be taken back. */
    synchronized void clear() {
        if (!state.phrases().isEmpty()) {
            change(List.of());
        }
    }

    private Phrase last() {
        List<Phrase> all = state.phrases();
        if (all.isEmpty()) {
            throw Refusal.of(Reason.TOO_EARLY, "there is no phrase yet: play one first");
        }
        return all.get(all.size() - 1);
    }

    private void replaceLast(Phrase phrase) {
        List<Phrase> all = new ArrayList<>(state.phrases());
        all.set(all.size() - 1, phrase);
        change(all);
    }

    private void change(List<Phrase> next) {
        past.push(state.phrases());
        if (past.size() > MOST_UNDONE) {
            past.removeLast();
        }
        state = new State(List.copyOf(next), true);
    }

    private Take play(Optional<Music> before, Wish wish) {
        long id = ++takes;
        Played played = phrases.play(before, wish, streams.stream(Purpose.SAMPLING, id));
        // Rendered now, so that the page need not wait when it asks.
        Waveform sound = phrases.waveform(played.after());
        keep(played.after(), WaveFiles.toBytes(sound));
        List<Integer> peaks = played.after() instanceof Notes
                ? List.of()
                : peaks(
                        sound,
                        before.map(Music::seconds).orElse(0.0),
                        played.after().seconds());
        return new Take(id, wish, before, played, peaks);
    }

    private static List<Integer> peaks(Waveform sound, double from, double to) {
        int count = (int) Math.max(1, Math.ceil((to - from) * PEAKS_PER_SECOND));
        float[] samples = sound.samples();
        List<Integer> peaks = new ArrayList<>();
        for (int p = 0; p < count; p++) {
            int first = (int) ((from + (to - from) * p / count) * sound.sampleRate());
            int last = (int) ((from + (to - from) * (p + 1) / count) * sound.sampleRate());
            float peak = 0.0f;
            for (int i = first; i < Math.min(last, samples.length); i++) {
                peak = Math.max(peak, Math.abs(samples[i]));
            }
            peaks.add(Math.round(PERCENT * Math.min(1.0f, peak)));
        }
        return peaks;
    }

    /** Outline of the piece that was given to continue, if it is sound. */
    List<Integer> beginningPeaks() {
        return beginning.isPresent() && !(beginning.get() instanceof Notes)
                ? peaks(phrases.waveform(beginning.get()), 0.0, beginning.get().seconds())
                : List.of();
    }

    /** The piece as a WAV file. */
    byte[] wav(Music music) {
        synchronized (sounds) {
            byte[] kept = sounds.get(music);
            if (kept != null) {
                return kept;
            }
        }
        byte[] made;
        synchronized (this) { // one thread at a time in the codec
            made = WaveFiles.toBytes(phrases.waveform(music));
        }
        keep(music, made);
        return made;
    }

    private void keep(Music music, byte[] wav) {
        synchronized (sounds) {
            sounds.put(music, wav);
        }
    }

    /** The piece as a MIDI file; empty for sound. */
    static Optional<byte[]> midi(Music music) {
        return music instanceof Notes notes ? Optional.of(MidiFiles.toBytes(notes.piece())) : Optional.empty();
    }

    /** The piece with a take of a phrase that there is now; with take 0, what was given to continue. */
    Optional<Music> with(long take) {
        if (take == 0) {
            return beginning;
        }
        return state.phrases().stream()
                .flatMap(phrase -> phrase.takes().stream())
                .filter(each -> each.id() == take)
                .map(each -> each.played().after())
                .findFirst();
    }
}
