package org.encore.trainer.pretraining;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;
import org.encore.music.corpus.Corpus;
import org.encore.trainer.TinyWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusSourceTest {
    @TempDir
    private Path folder;

    @Test
    void piecesOfAFolderAreCutToTheFrames() throws IOException {
        for (int frames : new int[] {32, 48}) {
            Corpus corpus = TinyWorld.corpus().open(TinyWorld.codec(), frames);
            int longest = 0;
            for (int i = 0; i < 20; i++) {
                longest = Math.max(
                        longest, TinyWorld.codec().encode(corpus.train(i).piece())[0].length);
                assertEquals(corpus.train(i).prompt(), corpus.trainPrompt(i));
            }
            assertTrue(longest > frames / 2 && longest <= frames, longest + " codes of " + frames);
        }
    }

    @Test
    void etudesAreNotCut() throws IOException {
        CorpusSource etudes = CorpusSource.defaults();
        IllegalArgumentException tooShort =
                assertThrows(IllegalArgumentException.class, () -> etudes.open(TinyWorld.codec(), 255));
        assertEquals("maxFrames is 255, but études have up to 256 codes", tooShort.getMessage());
        List<Integer> lengths = etudes.open(TinyWorld.codec(), 256).heldOut(8).stream()
                .map(piece -> TinyWorld.codec().encode(piece.piece())[0].length)
                .toList();
        assertTrue(lengths.stream().allMatch(length -> length <= 256), lengths::toString);
        assertTrue(lengths.stream().anyMatch(length -> length > 128), lengths::toString);
    }

    @Test
    void aTruncatedFileIsSkippedAndAFolderOfSuchFilesRefused() throws IOException {
        Path pieces = ((CorpusSource.MidiFolder) TinyWorld.corpus()).folder();
        byte[] whole = Files.readAllBytes(pieces.resolve("piece-0.mid"));
        Files.write(folder.resolve("cut.mid"), Arrays.copyOf(whole, 40));
        CorpusSource source = new CorpusSource.MidiFolder(folder, 1, 20.0, 30);
        InvalidFileException none = assertThrows(InvalidFileException.class, () -> source.open(TinyWorld.codec(), 48));
        assertEquals(
                folder
                        + ": holds 0 usable MIDI files (.mid, .midi, .rmi), but needs at least 2 (skipped: 1); add files",
                none.getMessage());
        Files.copy(pieces.resolve("piece-0.mid"), folder.resolve("a.mid"));
        Files.copy(pieces.resolve("piece-1.mid"), folder.resolve("b.mid"));
        assertEquals(1, source.open(TinyWorld.codec(), 48).heldOut(1).size());
    }

    @Test
    void everyCorpusNamesItsCodec() {
        assertEquals(Optional.of("notes"), CorpusSource.defaults().codec());
        assertEquals(Optional.of("notes"), TinyWorld.corpus().codec());
        assertEquals(Optional.of("voices"), new CorpusSource.Chorales(folder, 1, 0).codec());
    }

    @Test
    void settingsAreChecked() {
        IllegalArgumentException seconds = assertThrows(
                IllegalArgumentException.class, () -> new CorpusSource.MidiFolder(folder, 1, Double.NaN, 30));
        assertTrue(seconds.getMessage().startsWith("maxSeconds is NaN"), seconds.getMessage());
        IllegalArgumentException share =
                assertThrows(IllegalArgumentException.class, () -> new CorpusSource.MidiFolder(folder, 1, 20, 91));
        assertTrue(share.getMessage().startsWith("heldOutPerCent is 91"), share.getMessage());
    }
}
