package org.encore.preferences.comparisons;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.encore.base.files.InvalidFileException;
import org.encore.model.pretrained.Codecs;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.midi.MidiFiles;
import org.encore.preferences.VoteFilter;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.preferences.store.PreferenceStore;
import org.encore.rewards.preference.ClipReading;
import org.encore.rewards.preference.PieceMeasure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ComparisonSetTest {
    @TempDir
    private Path directory;

    private Path votes(String... lines) throws IOException {
        return Files.write(directory.resolve("votes.jsonl"), List.of(lines));
    }

    private static String vote(String a, String b, String preferred) {
        return String.format(
                Locale.ROOT,
                "{\"prompt\": \"a slow waltz\", \"a\": \"%s\", \"b\": \"%s\", \"preferred\": \"%s\", \"rater\": \"r\"}",
                a,
                b,
                preferred);
    }

    /** A generated clip may be silent and still have votes. */
    @Test
    void silenceIsAClipLikeAnyOther() throws IOException {
        Piece note = new Piece(120, Meter.FOUR_FOUR, List.of(new Note(Instrument.PIANO, 0, 12, 60, 80)));
        MidiFiles.write(directory.resolve("note.mid"), note);
        MidiFiles.write(directory.resolve("silent.mid"), new Piece(90, Meter.FOUR_FOUR, List.of()));
        Path file = votes(
                vote("note.mid", "silent.mid", "a"),
                vote("silent.mid", "note.mid", "tie"),
                vote("silent.mid", "note.mid", "skip"));
        ComparisonSet set = ComparisonSet.read(file, VoteFilter.none());
        assertEquals(List.of(new Comparison(0, 1, 1, "r"), new Comparison(1, 0, 0, "r")), set.comparisons());
        Piece silence = set.clips().get(1).piece();
        assertEquals(List.of(), silence.notes());
        SymbolicCodec codec = Codecs.symbolic(Codecs.NOTES);
        int[][] codes = ClipReading.defaults()
                .read(ClipReading.Source.of(silence), "a slow waltz", codec, 16)
                .codes();
        assertArrayEquals(codec.encode(silence), codes);
        for (PieceMeasure measure : PieceMeasure.values()) {
            assertTrue(Double.isFinite(measure.of(silence)), measure.key());
        }
    }

    /** A clip compared with itself says nothing. */
    @Test
    void aClipAgainstItselfIsLeftOut() throws IOException {
        MidiFiles.write(directory.resolve("one.mid"), new Piece(90, Meter.FOUR_FOUR, List.of()));
        MidiFiles.write(directory.resolve("two.mid"), new Piece(90, Meter.FOUR_FOUR, List.of()));
        ComparisonSet set = ComparisonSet.read(
                votes(vote("one.mid", "one.mid", "a"), vote("one.mid", "two.mid", "b")), VoteFilter.none());
        assertEquals(List.of(new Comparison(0, 1, -1, "r")), set.comparisons());
    }

    /** The same votes to learn from and to measure on, or others on the same clips or prompts, are refused. */
    @Test
    void votesThatShareClipsOrPromptsAreRefused() {
        Piece piece = new Piece(90, Meter.FOUR_FOUR, List.of());
        ComparisonSet train = set(piece, "1.mid", "a slow waltz");
        train.requireApartFrom(set(piece, "2.mid", "a fast waltz"));
        train.requireApartFrom(set(piece, "2.mid", ""));
        for (ComparisonSet heldOut :
                List.of(train, set(piece, "below/../1.mid", "a fast waltz"), set(piece, "2.mid", " A slow  waltz"))) {
            String message = assertThrows(IllegalArgumentException.class, () -> train.requireApartFrom(heldOut))
                    .getMessage();
            assertTrue(message.contains("preferences split"), message);
        }
    }

    private static ComparisonSet set(Piece piece, String file, String prompt) {
        return new ComparisonSet(
                List.of(
                        ComparisonSet.Clip.of(Path.of(file), prompt, piece),
                        ComparisonSet.Clip.of(Path.of("other " + file), prompt, piece)),
                List.of(new Comparison(0, 1, 1, "r")));
    }

    @Test
    void aMissingClipIsNamedWithItsLine() throws IOException {
        Path file = votes(vote("gone.mid", "gone-too.mid", "a"));
        InvalidFileException e =
                assertThrows(InvalidFileException.class, () -> ComparisonSet.read(file, VoteFilter.none()));
        assertEquals(
                "line 1: there is no file " + directory.resolve("gone.mid")
                        + "; paths are relative to the file of the votes",
                e.problem());
    }

    /** The second vote of a database has no line, but a number. */
    @Test
    void aMissingClipOfADatabaseIsNamedWithTheNumberOfTheVote() throws IOException {
        MidiFiles.write(directory.resolve("there.mid"), new Piece(90, Meter.FOUR_FOUR, List.of()));
        Path file = votes(vote("there.mid", "there.mid", "tie"), vote("there.mid", "gone.mid", "a"));
        Path database = directory.resolve("votes.db");
        try (PreferenceStore store = PreferenceStore.openOrCreate(database, Clock.systemUTC())) {
            VoteImport.run(store, file, new VoteImport.Settings("s", VoteFilter.none(), VoteImport.Clips.OPTIONAL));
        }
        InvalidFileException e =
                assertThrows(InvalidFileException.class, () -> ComparisonSet.read(database, VoteFilter.none()));
        assertTrue(
                e.problem().startsWith("vote 2 of the database: there is no file " + directory.resolve("gone.mid")),
                e.problem());
    }
}
