package org.encore.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.junit.jupiter.api.Test;

class PianoRollTest {
    private static final Instrument VIOLIN = new Instrument(40);
    private static final Instrument CELLO = new Instrument(42);

    private static Page page(Note... notes) throws IOException {
        return page(List.of(notes));
    }

    private static Page page(List<Note> notes) throws IOException {
        Html html = new Html();
        html.in("main", () -> PianoRoll.write(html, new Piece(120, Meter.FOUR_FOUR, notes)));
        return Page.parse(html.toString());
    }

    @Test
    void placesNotesByTimeAndPitch() throws IOException {
        // Pitches 60 to 90 with a free row on each side: 33 rows, the highest free one is 91.
        Page page = page(new Note(Instrument.PIANO, 0, 20, 90, 64), new Note(Instrument.PIANO, 48, 40, 60, 64));
        assertEquals(List.of("0 0 96 33"), page.texts("//@viewBox"));
        assertEquals(List.of("M0 1.5h17M48 31.5h34"), page.texts("//*[@class='notes c0']/@d"));
        // Two bars of 48 ticks: one line between; 96 ticks of 12 a quarter at 120 a minute last 4 s.
        assertEquals(List.of("M48 0V33"), page.texts("//*[@class='bars']/@d"));
        assertEquals(List.of("4.0000"), page.texts("//@data-seconds"));
        // C is at 84, 72 and 60; each line is the lower edge of its row.
        assertEquals(List.of("M0 8H96M0 20H96M0 32H96"), page.texts("//*[@class='octaves']/@d"));
        assertEquals(List.of("acoustic grand piano", "2 notes, 2 bars of 4/4, 120 bpm"), page.texts("//ul/li"));
    }

    @Test
    void givesFewPitchesRoomEnough() throws IOException {
        // One pitch is widened to 24 and a free row on each side; 23 are missing: 11 above, 12 below.
        Page page = page(new Note(VIOLIN, 0, 48, 60, 64));
        assertEquals(List.of("0 0 48 26"), page.texts("//@viewBox"));
        assertEquals(List.of("M0 12.5h40.8"), page.texts("//*[@class='notes c2']/@d"));
    }

    @Test
    void keepsPercussionApart() throws IOException {
        Page page = page(
                new Note(VIOLIN, 0, 48, 60, 64),
                new Note(Instrument.DRUMS, 0, 1, 36, 64),
                new Note(Instrument.DRUMS, 12, 1, 42, 64));
        // Below the 26 rows: half a gap, then the higher key's row of 2, then the lower key's, then half a gap.
        assertEquals(List.of("0 0 48 32"), page.texts("//@viewBox"));
        assertEquals(List.of("M0 30h0.9M12 28h0.9"), page.texts("//*[@class='notes c7']/@d"));
        assertTrue(page.texts("//*[@class='octaves']/@d").get(0).endsWith("M0 26H48"));
    }

    @Test
    void drawsPercussionAlone() throws IOException {
        Page page = page(new Note(Instrument.DRUMS, 0, 12, 36, 64));
        assertEquals(List.of("0 0 48 4"), page.texts("//@viewBox"));
        assertEquals(List.of("M0 2h10.2"), page.texts("//*[@class='notes c7']/@d"));
        assertEquals(List.of(""), page.texts("//*[@class='octaves']/@d"));
    }

    @Test
    void tellsInstrumentsOfAFamilyApart() throws IOException {
        Page page = page(new Note(CELLO, 0, 48, 48, 64), new Note(VIOLIN, 0, 48, 72, 64));
        assertEquals(List.of("c2", "c2 second", "plain"), page.texts("//ul/li/@class"));
        assertEquals(List.of("1.00", "1.00"), page.texts("//@stroke-width"));
    }

    /** Both play middle C; the cello's second note is alone again and fills its row, the 13th of 26. */
    @Test
    void instrumentsInUnisonShareTheRow() throws IOException {
        Page page =
                page(new Note(VIOLIN, 0, 24, 60, 64), new Note(CELLO, 12, 24, 60, 64), new Note(CELLO, 48, 24, 60, 64));
        assertEquals(List.of("0.50", "1.00", "0.50"), page.texts("//@stroke-width"));
        assertEquals(List.of("M0 12.25h20.4"), page.texts("//*[@class='notes c2']/@d"));
        assertEquals(List.of("M48 12.5h20.4", "M12 12.75h20.4"), page.texts("//*[@class='notes c2 second']/@d"));
    }

    @Test
    void boundsWhatItDraws() throws IOException {
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            notes.add(new Note(VIOLIN, 48 * i, 12, 60, 64));
        }
        Page page = page(notes);
        assertTrue(
                page.texts("//ul/li[@class='plain']").get(0).startsWith("the first 4000 of 10000 notes, 10000 bars"));
        assertEquals(4000, page.texts("//*[@class='notes c2']/@d").get(0).split("M", -1).length - 1);
        assertTrue(page.texts("//*[@class='bars']/@d").get(0).split("M", -1).length <= 65);
    }

    @Test
    void saysThatThereIsNothing() throws IOException {
        assertEquals(List.of("No notes."), page().texts("//p"));
    }
}
