package org.encore.music.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.encore.music.codec.notes.NoteLanguage;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.music.etudes.Etudes;
import org.junit.jupiter.api.Test;

class EtudeCorpusTest {
    private final Corpus corpus = new EtudeCorpus(5);

    @Test
    void promptsAreThoseOfTheItems() {
        assertEquals(corpus.train(3).prompt(), corpus.trainPrompt(3));
        List<CaptionedPiece> items = corpus.heldOut(4);
        assertEquals(items.stream().map(CaptionedPiece::prompt).toList(), corpus.heldOutPrompts(4));
        assertEquals(items.subList(0, 2), corpus.heldOut(2));
    }

    @Test
    void fingerprintTellsSeedsAndNoiseApart() {
        assertNotEquals(corpus.fingerprint(), new EtudeCorpus(5, 0.5, 0.0).fingerprint());
        assertEquals(corpus.fingerprint(), new EtudeCorpus(5).fingerprint());
        assertNotEquals(corpus.fingerprint(), new EtudeCorpus(6).fingerprint());
    }

    @Test
    void flawsSpoilTheirShareOfTrainingPiecesAlone() {
        Corpus flawed = new EtudeCorpus(5, 0.0, 0.5);
        int spoilt = 0;
        for (int i = 0; i < 40; i++) {
            CaptionedPiece item = flawed.train(i);
            assertEquals(corpus.train(i).prompt(), item.prompt());
            assertEquals(
                    NoteLanguage.cut(item.piece(), Etudes.MAX_CODES),
                    item.piece(),
                    "fits and is its own quantised form");
            spoilt += item.piece().equals(corpus.train(i).piece()) ? 0 : 1;
        }
        // 40 pieces, each degraded with probability one half, weakly now and then: 20 with a deviation of 3.2.
        assertTrue(spoilt >= 9 && spoilt <= 31, "spoilt " + spoilt + " of 40");
        assertEquals(corpus.heldOut(3), flawed.heldOut(3));
        assertNotEquals(corpus.fingerprint(), flawed.fingerprint());
    }

    @Test
    void flawsAreAProbability() {
        assertEquals(
                "flaws is 1.5, but must lie in [0, 1]",
                assertThrows(IllegalArgumentException.class, () -> new EtudeCorpus(5, 0.0, 1.5))
                        .getMessage());
    }
}
