package org.encore.music.analysis;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.encore.music.Piece;
import org.encore.music.text.Attributes;
import org.encore.music.text.CaptionWriter;
import org.encore.music.text.CaptionWriter.Wording;
import org.encore.music.text.Prompt;

/** Puts into words what a piece sounds like; instruments are called by the nearest name captions have. */
public final class Describer {
    private final CaptionWriter captions = new CaptionWriter();

    /**
     * Describes a piece by what the analysers hear.
     *
     * @param piece any piece
     * @param random chooses what to mention and how to say it
     * @return a caption in training wordings; empty for a piece of which nothing can be said
     */
    public Optional<Prompt> describe(Piece piece, RandomGenerator random) {
        Attributes heard = PieceAnalyser.analyse(piece);
        return heard.mentioned().isEmpty()
                ? Optional.empty()
                : Optional.of(captions.write(heard, Wording.TRAINING, random));
    }
}
