package org.encore.music.analysis;

import java.util.EnumSet;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.encore.music.Piece;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.Attributes.Style;
import org.encore.music.text.CaptionWriter;
import org.encore.music.text.CaptionWriter.Wording;
import org.encore.music.text.Prompt;

/**
 * Puts into words what a piece sounds like; instruments are called by the nearest name captions have.
 *
 * <p>A style is named only if its own rhythm is heard clearly. Chorale and techno own none, so that much music that is
 * neither is like them: they are never named.
 */
public final class Describer {
    private static final double CLEAR = 0.9;

    private final CaptionWriter captions = new CaptionWriter();

    /**
     * Describes a piece by what the analysers hear.
     *
     * @param piece any piece
     * @param random chooses what to mention and how to say it
     * @return a caption in training wordings; empty for a piece of which nothing can be said
     */
    public Optional<Prompt> describe(Piece piece, RandomGenerator random) {
        PieceAnalyser analyser = new PieceAnalyser(piece);
        Attributes heard = analyser.attributes();
        Optional<Style> style = heard.style()
                .filter(value -> value != Style.CHORALE && value != Style.TECHNO)
                .filter(value -> analyser.score(value) >= CLEAR);
        if (style.isEmpty()) {
            heard = heard.only(EnumSet.complementOf(EnumSet.of(Aspect.STYLE)));
        }
        return heard.mentioned().isEmpty()
                ? Optional.empty()
                : Optional.of(captions.write(heard, Wording.TRAINING, random));
    }
}
