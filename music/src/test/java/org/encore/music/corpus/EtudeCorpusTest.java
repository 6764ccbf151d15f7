package org.encore.music.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
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
        assertNotEquals(corpus.fingerprint(), new EtudeCorpus(5, 0.5).fingerprint());
        assertEquals(corpus.fingerprint(), new EtudeCorpus(5).fingerprint());
        assertNotEquals(corpus.fingerprint(), new EtudeCorpus(6).fingerprint());
    }
}
