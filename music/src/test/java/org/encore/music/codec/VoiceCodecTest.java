package org.encore.music.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;
import org.junit.jupiter.api.Test;

class VoiceCodecTest {
    private static final int END = VoiceCodec.END;
    private static final Instrument VIOLIN = new Instrument(40);
    private static final Instrument DOUBLE_BASS = new Instrument(43);

    private final VoiceCodec codec = new VoiceCodec(new Synthesiser(Synthesiser.Settings.standard()));

    private static Note note(Instrument voice, int onset, int duration, int pitch) {
        return new Note(voice, onset, duration, pitch, 84);
    }

    @Test
    void thereAreFourCodebooksOfARestFortySixPitchesAndAnEnd() {
        assertEquals(4, codec.codebooks());
        assertEquals(48, codec.cardinality());
        assertEquals(47, END);
        assertEquals(OptionalInt.of(47), codec.uncountedCode());
        assertEquals(OptionalInt.empty(), codec.endCode());
        assertEquals(1, VoiceCodec.codeOf(36));
        assertEquals(46, VoiceCodec.codeOf(81));
    }

    /** Two frames of 60 are one note of six ticks; the repeated 62 after a rest is another note. */
    @Test
    void equalNeighboursAreHeld() {
        int[][] codes = {{25, 25, 27, 0, 27, END}, {0, 0, 0, 0, 0, END}, {0, 0, 0, 0, 0, END}, {1, 1, 1, 1, 1, END}};
        Piece piece = VoiceCodec.read(codes);
        assertEquals(
                List.of(
                        note(VIOLIN, 0, 6, 60),
                        note(DOUBLE_BASS, 0, 15, 36),
                        note(VIOLIN, 6, 3, 62),
                        note(VIOLIN, 12, 3, 62)),
                piece.notes());
        assertArrayEquals(codes, codec.encode(piece));
    }

    @Test
    void whatWasReadIsWrittenTheSame() {
        RandomGenerator random = new RandomStreams(4).stream(RandomStreams.Purpose.NOISE);
        for (int trial = 0; trial < 50; trial++) {
            int frames = 1 + random.nextInt(40);
            int[][] codes = new int[4][frames + 1];
            for (int[] voice : codes) {
                for (int t = 0; t < frames; t++) {
                    boolean held = t > 0 && random.nextInt(3) > 0;
                    voice[t] = held ? voice[t - 1] : random.nextInt(END);
                }
                voice[frames] = END;
            }
            codes[2][frames - 1] = 1 + random.nextInt(46);
            assertArrayEquals(codes, codec.encode(VoiceCodec.read(codes)));
        }
    }

    /** The grid cannot distinguish struck from held notes, or off-grid from on-grid notes. */
    @Test
    void theGridForgetsWhatItHasNoCodeFor() {
        Piece piece = new Piece(120, Meter.FOUR_FOUR, List.of(note(VIOLIN, 1, 4, 60), note(VIOLIN, 6, 3, 60)));
        assertArrayEquals(new int[] {25, 25, 25, END}, codec.encode(piece)[0]);
    }

    /** A model may generate any codes. */
    @Test
    void anyIntegersAreAPiece() {
        int[][] codes = {{-5, 25, 999}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}};
        assertEquals(List.of(note(VIOLIN, 3, 3, 60)), VoiceCodec.read(codes).notes());
        assertEquals(3, codec.validFrames(codes));
    }

    @Test
    void anEndInAnyVoiceEndsThePiece() {
        int[][] codes = {{25, 25, 25, 25}, {0, 0, 0, 0}, {0, 0, END, 0}, {0, END + 1, 0, 0}};
        assertEquals(2, codec.validFrames(codes));
        assertEquals(List.of(note(VIOLIN, 0, 6, 60)), VoiceCodec.read(codes).notes());
    }

    @Test
    void aClipSoundsAsLongAsItsNotes() {
        Clip clip = codec.decode(new int[][] {{25, 25, 25, 25}, {0, 0, 0, 0}, {0, 0, 0, 0}, {1, 1, 1, 1}});
        // A quarter note at 80 a minute is 0.75 s; instruments and room ring on.
        assertEquals(0.75, clip.piece().orElseThrow().seconds(), 1e-9);
        assertTrue(clip.waveform().seconds() >= 0.75, () -> "" + clip.waveform().seconds());
    }

    @Test
    void otherInstrumentsPitchesAndCodebooksAreRefused() {
        Piece piano = VoiceCodec.read(new int[][] {{1}, {0}, {0}, {0}});
        Piece other = new Piece(piano.tempoBpm(), piano.meter(), List.of(note(Instrument.PIANO, 0, 3, 60)));
        String message = assertThrows(IllegalArgumentException.class, () -> codec.encode(other))
                .getMessage();
        assertEquals(
                "a note is played by acoustic grand piano, but the four voices are [violin, viola, cello, contrabass]",
                message);
        assertEquals(
                "a pitch is 82, but must lie in [36, 81] to have a code",
                assertThrows(IllegalArgumentException.class, () -> VoiceCodec.codeOf(82))
                        .getMessage());
        assertEquals(
                "codes have 1 codebooks, but voices are written in 4",
                assertThrows(IllegalArgumentException.class, () -> codec.validFrames(new int[1][3]))
                        .getMessage());
    }
}
