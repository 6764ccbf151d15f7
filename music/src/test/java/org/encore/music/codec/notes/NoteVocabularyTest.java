package org.encore.music.codec.notes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.encore.music.Meter;
import org.encore.music.codec.notes.NoteVocabulary.CodeKind;
import org.junit.jupiter.api.Test;

class NoteVocabularyTest {
    private static final Path PAGE = Path.of("..", "docs", "vocabulary.md");

    @Test
    void hasTheSizeOfItsParts() {
        // 1 END + 1 BAR + 12 METER + 34 TEMPO + 71 POSITION + 129 INSTRUMENT + 128 PITCH + 48 DURATION + 1 EXTEND
        // + 16 VELOCITY
        assertEquals(441, NoteVocabulary.size());
    }

    @Test
    void describesCodes() {
        assertEquals("END", NoteVocabulary.describe(0));
        assertEquals("BAR", NoteVocabulary.describe(1));
        assertEquals("METER 4/4", NoteVocabulary.describe(2));
        assertEquals("TEMPO 30", NoteVocabulary.describe(14));
        assertEquals("TEMPO 240", NoteVocabulary.describe(47));
        assertEquals("POSITION 1", NoteVocabulary.describe(48));
        assertEquals("INSTRUMENT 0 (acoustic grand piano)", NoteVocabulary.describe(119));
        assertEquals("PITCH 60", NoteVocabulary.describe(248 + 60));
        assertEquals("DURATION 48", NoteVocabulary.describe(376 + 47));
        assertEquals("EXTEND", NoteVocabulary.describe(424));
        assertEquals("VELOCITY 124", NoteVocabulary.describe(440));
    }

    @Test
    void codeOfUndoesValueOf() {
        Set<String> descriptions = new HashSet<>();
        for (int code = 0; code < NoteVocabulary.size(); code++) {
            CodeKind kind = NoteVocabulary.kindOf(code);
            assertEquals(code, NoteVocabulary.codeOf(kind, NoteVocabulary.valueOf(code)));
            descriptions.add(NoteVocabulary.describe(code));
        }
        assertEquals(NoteVocabulary.size(), descriptions.size());
    }

    @Test
    void refusesWhatIsNoCode() {
        assertThrows(IllegalArgumentException.class, () -> NoteVocabulary.kindOf(441));
        assertThrows(IllegalArgumentException.class, () -> NoteVocabulary.describe(-1));
        assertThrows(IllegalArgumentException.class, () -> NoteVocabulary.codeOf(CodeKind.PITCH, 128));
        assertThrows(IllegalArgumentException.class, () -> NoteVocabulary.codeOf(CodeKind.POSITION, 0));
        assertThrows(IllegalArgumentException.class, () -> NoteVocabulary.codeOf(new Meter(7, 4)));
    }

    @Test
    void snapsTemposToTheNearestByRatio() {
        assertEquals(120, tempoOf(120));
        assertEquals(60, tempoOf(60));
        // Neighbours of 120 are 113 and 128: borders at sqrt(113*120) = 116.4 and sqrt(120*128) = 123.9.
        assertEquals(113, tempoOf(116));
        assertEquals(120, tempoOf(117));
        assertEquals(120, tempoOf(123));
        assertEquals(128, tempoOf(124));
        assertEquals(30, tempoOf(20));
        assertEquals(240, tempoOf(300));
    }

    @Test
    void mapsEveryMeterToTheNearest() {
        for (Meter meter : NoteVocabulary.METERS) {
            assertEquals(meter, NoteVocabulary.nearest(meter));
            assertTrue(meter.ticksPerBar() <= 72);
        }
        assertEquals(new Meter(7, 8), NoteVocabulary.nearest(new Meter(7, 4)));
        assertEquals(new Meter(2, 2), NoteVocabulary.nearest(new Meter(4, 2)));
        assertEquals(new Meter(4, 4), NoteVocabulary.nearest(new Meter(8, 8)));
        assertEquals(new Meter(9, 8), NoteVocabulary.nearest(new Meter(9, 4)));
        assertEquals(new Meter(3, 8), NoteVocabulary.nearest(new Meter(1, 4)));
        assertEquals(new Meter(3, 2), NoteVocabulary.nearest(new Meter(12, 2)));
    }

    @Test
    void pageShowsTheTable() throws IOException {
        String page = Files.readString(PAGE);
        assertTrue(
                page.contains("\n" + NoteVocabulary.markdownTable()),
                () -> "put this table into " + PAGE + ":\n" + NoteVocabulary.markdownTable());
    }

    private static int tempoOf(int bpm) {
        return NoteVocabulary.valueOf(NoteVocabulary.codeOf(CodeKind.TEMPO, bpm));
    }
}
