package org.encore.music.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.encore.music.Piece;
import org.encore.music.audio.Resampler;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.AudioCodec.WaveformEncoder;
import org.encore.music.codec.Clip;
import org.encore.music.codec.notes.NoteCodec;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.music.corpus.SoundClips.CaptionedCodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenderedPiecesTest {
    private static final int RATE = 8000;
    private static final int FRAME = 400;

    @TempDir
    private Path directory;

    /** One codebook at 20 frames a second: the loudness of a frame. */
    private static final class Levels implements AudioCodec, WaveformEncoder {
        private final List<Waveform> encoded = new ArrayList<>();

        @Override
        public String name() {
            return "levels";
        }

        @Override
        public int codebooks() {
            return 1;
        }

        @Override
        public int cardinality() {
            return 1000;
        }

        @Override
        public Clip decode(int[][] codes) {
            return Clip.of(new Waveform(new float[codes[0].length * FRAME], RATE));
        }

        @Override
        public int validFrames(int[][] codes) {
            return codes[0].length;
        }

        @Override
        public Optional<WaveformEncoder> encoder() {
            return Optional.of(this);
        }

        @Override
        public double framesPerSecond() {
            return (double) RATE / FRAME;
        }

        @Override
        public int[][] encode(Waveform waveform) {
            encoded.add(waveform);
            int[][] codes = new int[1][waveform.samples().length / FRAME];
            for (int f = 0; f < codes[0].length; f++) {
                double squares = 0.0;
                for (int i = 0; i < FRAME; i++) {
                    squares += Math.pow(waveform.samples()[f * FRAME + i], 2.0);
                }
                codes[0][f] = (int) Math.min(999, 1000 * Math.sqrt(squares / FRAME));
            }
            return codes;
        }
    }

    private RenderedPieces pieces(AudioCodec codec, double seconds, int clips) {
        return new RenderedPieces(
                new EtudeCorpus(1), codec, 400, 7, new RenderedPieces.Settings(seconds, clips, directory));
    }

    private static void assertSame(List<CaptionedCodes> expected, List<CaptionedCodes> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).prompt(), actual.get(i).prompt());
            assertArrayEquals(expected.get(i).codes(), actual.get(i).codes());
        }
    }

    /** What the folder keeps is what rendering, resampling and encoding a piece gives. */
    @Test
    void encodedOnceIsEncodedDirectly() throws IOException {
        Levels codec = new Levels();
        RenderedPieces rendered = pieces(codec, 3.0, 3);
        assertEquals(60, rendered.frames());
        rendered.encodeTraining(
                (done, all, note) -> assertEquals("3 of 3, 3 encoded", done + " of " + all + ", " + note));
        Synthesiser synthesiser = new Synthesiser(new Synthesiser.Settings(32_000, 1.0, 3.0));
        for (int index = 0; index < 9; index++) {
            CaptionedCodes clip = rendered.train(index);
            CaptionedPiece piece = IntStream.range(0, 3)
                    .mapToObj(i -> new EtudeCorpus(1).train(i))
                    .filter(each -> each.prompt().equals(clip.prompt()))
                    .findFirst()
                    .orElseThrow();
            Waveform sound = new Resampler(32_000, RATE).resampled(synthesiser.render(piece.piece()));
            Waveform clipped = new Waveform(Arrays.copyOf(sound.samples(), 3 * RATE), RATE);
            assertArrayEquals(new Levels().encode(clipped), clip.codes());
            assertArrayEquals(clip.codes(), rendered.encode(piece.piece()));
        }
    }

    @Test
    void everyPassHasEveryClipOnce() {
        RenderedPieces rendered = pieces(new Levels(), 1.0, 5);
        List<String> passes = new ArrayList<>();
        for (int pass = 0; pass < 3; pass++) {
            int first = 5 * pass;
            List<String> captions = IntStream.range(first, first + 5)
                    .mapToObj(i -> rendered.train(i).prompt().text())
                    .toList();
            assertEquals(5, new TreeSet<>(captions).size());
            passes.add(captions.toString());
        }
        assertNotEquals(passes.get(0), passes.get(1));
    }

    /** Later runs render nothing but the piece by which the folder is known; a damaged file is made anew. */
    @Test
    void codesAreKept() throws IOException {
        RenderedPieces first = pieces(new Levels(), 1.0, 70);
        first.encodeTraining((done, all, note) -> {});
        List<CaptionedCodes> heldOut = first.heldOut(Split.DEVELOPMENT, 3);
        List<CaptionedCodes> tested = first.heldOut(Split.TEST, 66);
        assertNotEquals(heldOut.get(0).prompt(), tested.get(0).prompt());

        Levels again = new Levels();
        RenderedPieces second = pieces(again, 1.0, 70);
        List<String> notes = new ArrayList<>();
        second.encodeTraining((done, all, note) -> notes.add(done + "/" + all + " " + note));
        assertEquals(List.of("64/70 0 encoded", "70/70 0 encoded"), notes);
        assertSame(heldOut, second.heldOut(Split.DEVELOPMENT, 3));
        assertSame(tested, second.heldOut(Split.TEST, 66));
        assertEquals(2, again.encoded.size(), "the noise and the piece that identify codec and corpus");

        Path damaged;
        try (Stream<Path> files = Files.list(directory)) {
            damaged = files.filter(file -> file.toString().contains("training-0"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[40] ^= 1;
        Files.write(damaged, bytes);
        RenderedPieces third = pieces(new Levels(), 1.0, 70);
        assertArrayEquals(first.train(3).codes(), third.train(3).codes());
        bytes[40] ^= 1;
        assertArrayEquals(bytes, Files.readAllBytes(damaged));
    }

    /** Another length, seed of pieces or codec has other files. */
    @Test
    void otherSettingsHaveOtherFiles() throws IOException {
        pieces(new Levels(), 1.0, 2).train(0);
        pieces(new Levels(), 2.0, 2).train(0);
        new RenderedPieces(new EtudeCorpus(2), new Levels(), 400, 7, new RenderedPieces.Settings(1.0, 2, directory))
                .train(0);
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(3, files.count());
        }
    }

    @Test
    void aShortPieceEndsInSilence() {
        Piece piece = new EtudeCorpus(1).train(0).piece();
        int[][] codes = pieces(new Levels(), 20.0, 1).encode(piece);
        int sounding = (int) Math.ceil(20 * (piece.seconds() + 1.0));
        assertTrue(sounding < 400, "the étude is shorter than the clip");
        for (int f = sounding; f < 400; f++) {
            assertEquals(0, codes[0][f]);
        }
        assertTrue(Arrays.stream(codes[0]).filter(code -> code > 0).count() > 100);
    }

    @Test
    void whatCannotBeEncodedIsRefused() {
        IllegalArgumentException notes = assertThrows(
                IllegalArgumentException.class,
                () -> pieces(new NoteCodec(new Synthesiser(Synthesiser.Settings.standard())), 1.0, 1));
        assertTrue(
                notes.getMessage().contains("does not encode sound, but a corpus of sound needs"), notes.getMessage());
        IllegalArgumentException longer =
                assertThrows(IllegalArgumentException.class, () -> pieces(new Levels(), 30.0, 1));
        assertTrue(longer.getMessage().contains("make it at most 20.0"), longer.getMessage());
    }
}
