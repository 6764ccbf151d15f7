package org.encore.evaluation.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import org.encore.evaluation.perturbation.Perturbation;
import org.encore.evaluation.profile.ProfilePlan.ProfileSettings;
import org.encore.model.decoding.CodeSequence;
import org.encore.music.Piece;
import org.encore.music.codec.AudioCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.corpus.Corpus.CaptionedPiece;

/**
 * The first held-out pieces that are long enough for all lengths, so that lengths are compared on the same pieces.
 *
 * @param pieces codes with their captions
 * @param looked number of held-out pieces that were examined
 */
public record PieceSelection(List<CodeSequence> pieces, int looked) {
    private static final int MOST_LOOKED_AT_EACH = 128;

    public PieceSelection {
        pieces = List.copyOf(pieces);
    }

    /**
     * Source of the pieces.
     *
     * @param corpus the corpus, of which the held-out part is used
     * @param codec codec of the codes
     * @param encoder encodes a piece
     * @param mostFrames number of frames that the model has positions for
     */
    public record Source(Corpus corpus, AudioCodec codec, Function<Piece, int[][]> encoder, int mostFrames) {}

    /**
     * Selects pieces.
     *
     * @throws IllegalArgumentException if there are too few
     */
    public static PieceSelection of(Source source, ProfileSettings settings, Perturbation perturbation) {
        if (!source.corpus().hasPieces()) {
            throw new IllegalArgumentException(
                    "the corpus has prompts alone, so there are no held-out pieces to profile a model on; switch profiles"
                            + " off (every: 0), or take a corpus with pieces");
        }
        List<CodeSequence> found = new ArrayList<>();
        int most = settings.count() * MOST_LOOKED_AT_EACH;
        int looked = 0;
        boolean all = false;
        for (int batch = settings.count(); looked < most && !all; batch = Math.min(most, batch * 2)) {
            List<CaptionedPiece> candidates = source.corpus().heldOut(batch);
            all = candidates.size() < batch;
            while (looked < candidates.size()) {
                CaptionedPiece candidate = candidates.get(looked++);
                int[][] codes = source.encoder().apply(candidate.piece());
                if (codes[0].length <= source.mostFrames() && fits(codes, source.codec(), settings, perturbation)) {
                    found.add(CodeSequence.of(codes, candidate.prompt().text()));
                }
                if (found.size() == settings.count()) {
                    return new PieceSelection(found, looked);
                }
            }
        }
        throw new IllegalArgumentException("only " + found.size() + " of " + looked + " held-out pieces have room for "
                + settings.lengths().get(settings.lengths().size() - 1).label() + " from code " + settings.onset()
                + " and " + settings.recovery() + " codes behind, but " + settings.count()
                + " are needed; take fewer pieces, shorter lengths or an earlier onset");
    }

    private static boolean fits(int[][] codes, AudioCodec codec, ProfileSettings settings, Perturbation perturbation) {
        if (codes[0].length <= settings.onset()) {
            return false;
        }
        for (WindowLength length : settings.lengths()) {
            OptionalInt frames = length.frames(codec, codes, settings.onset());
            if (frames.isEmpty()
                    || settings.onset() + perturbation.framesNeeded(frames.getAsInt()) + settings.recovery()
                            > codes[0].length) {
                return false;
            }
        }
        return true;
    }
}
