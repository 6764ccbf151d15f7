package org.encore.trainer.pretraining;

import java.util.List;
import org.encore.evaluation.likelihood.Likelihood;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Workspaces;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.corpus.CaptionedPiece;

/** Whole pieces that a model is measured on, each read from its beginning. */
final class KnownPieces {
    private final SymbolicCodec codec;
    private final List<CodeBatcher.Part> parts;

    /** Lays the pieces out in micro-batches. */
    KnownPieces(List<CaptionedPiece> pieces, SymbolicCodec codec, CodeBatcher batcher, int microBatch) {
        this.codec = codec;
        this.parts =
                batcher.cut(pieces.stream().map(piece -> sequence(piece, codec)).toList(), microBatch);
    }

    /** A piece as codes under its caption. */
    static CodeSequence sequence(CaptionedPiece piece, SymbolicCodec codec) {
        return CodeSequence.of(codec.encode(piece.piece()), piece.prompt().text());
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** How well a model predicts them; a code that only marks the end does not count. */
    Likelihood.Sums measure(Replicas model, Workspaces workspaces) {
        return Likelihood.sums(model, workspaces, parts, codec.uncountedCode());
    }
}
