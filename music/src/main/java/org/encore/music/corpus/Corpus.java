package org.encore.music.corpus;

import java.util.List;
import java.util.Objects;
import org.encore.music.Piece;
import org.encore.music.text.Prompt;

/** Captioned pieces: endless training items, and others for evaluation; safe to use from several threads. */
public interface Corpus {
    /** Whether there are pieces; where there are prompts alone, {@link #train} fails and {@link #heldOut} is empty. */
    default boolean hasPieces() {
        return true;
    }

    /**
     * The training item of an index.
     *
     * @param index at least 0; the same index always gives the same item
     */
    CaptionedPiece train(long index);

    /**
     * The first held-out items.
     *
     * @param count how many, at least 0; a longer list starts with the shorter one; corpora of a fixed split give no more
     *     than they have
     */
    List<CaptionedPiece> heldOut(int count);

    /**
     * The same corpus with the held-out items of a split: all methods about held-out items speak of them. A corpus that has
     * not been asked for a split has those of {@link Split#DEVELOPMENT}. A set can be empty if there are too few items.
     */
    Corpus on(Split split);

    /**
     * Whether the combination of attributes that a prompt names, instruments apart, is new: no training item has it, whatever
     * else it has, and no training or tuning prompt names it. False where attributes are not held out.
     */
    default boolean isUnseen(Prompt prompt) {
        return false;
    }

    /** The caption of {@link #train}. */
    Prompt trainPrompt(long index);

    /**
     * A prompt to fine-tune with: like {@link #trainPrompt} unless a corpus has wordings reserved for it. Wherever two items
     * can have one caption, it may also be that of a held-out item; runs report how often that happened.
     */
    default Prompt tuningPrompt(long index) {
        return trainPrompt(index);
    }

    /** The captions of {@link #heldOut}; corpora of a fixed split give no more than they have. */
    List<Prompt> heldOutPrompts(int count);

    /** The recording or song behind a held-out item, by its index; items of one song are alike. */
    default String heldOutSource(int index) {
        return "item " + index;
    }

    /** Identifies the corpus: equal fingerprints give equal items. One word. */
    String fingerprint();

    /**
     * A piece and its caption.
     *
     * @param prompt the caption
     * @param piece the music, its own quantised form
     */
    record CaptionedPiece(Prompt prompt, Piece piece) {
        public CaptionedPiece {
            Objects.requireNonNull(prompt, "prompt");
            Objects.requireNonNull(piece, "piece");
        }
    }
}
