package org.encore.trainer.pretraining;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.encore.model.decoding.CodeSequence;
import org.encore.music.Piece;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.music.corpus.EncodedSound;
import org.encore.music.corpus.RenderedPieces;
import org.encore.music.corpus.SoundClips.CaptionedCodes;
import org.encore.music.corpus.Split;
import org.encore.run.Progress;

/** The items of a corpus as codes with their captions; safe to use from several threads. */
public sealed interface CodeSource {
    /** Encodes what {@link #train} gives, if that is done once for all. */
    default void prepare() throws IOException {}

    /** The codes of a piece as an item of this source; empty if items are no pieces. */
    default Optional<Function<Piece, int[][]>> encoder() {
        return Optional.empty();
    }

    /** The training item of an index; the same index always gives the same item. */
    CodeSequence train(long index);

    /** The first held-out items, or all if there are no more. */
    List<CodeSequence> heldOut(int count);

    /** The first items of the test, for one final measurement; all if there are no more, which can be none. */
    List<CodeSequence> test(int count);

    /** A code that only marks the end of an item and is left out of likelihoods, if there is one. */
    default OptionalInt uncountedCode() {
        return OptionalInt.empty();
    }

    /** Pieces, encoded when they are asked for. */
    record Pieces(Corpus corpus, SymbolicCodec codec) implements CodeSource {
        @Override
        public CodeSequence train(long index) {
            return sequence(corpus.train(index));
        }

        @Override
        public List<CodeSequence> heldOut(int count) {
            return corpus.heldOut(count).stream().map(this::sequence).toList();
        }

        @Override
        public List<CodeSequence> test(int count) {
            return corpus.on(Split.TEST).heldOut(count).stream()
                    .map(this::sequence)
                    .toList();
        }

        @Override
        public Optional<Function<Piece, int[][]>> encoder() {
            return Optional.of(codec::encode);
        }

        @Override
        public OptionalInt uncountedCode() {
            return codec.uncountedCode();
        }

        private CodeSequence sequence(CaptionedPiece piece) {
            return CodeSequence.of(codec.encode(piece.piece()), piece.prompt().text());
        }
    }

    /** Clips of sound, encoded once. */
    record Sound(EncodedSound clips) implements CodeSource {
        @Override
        public CodeSequence train(long index) {
            return sequence(clips.train(index));
        }

        @Override
        public List<CodeSequence> heldOut(int count) {
            return sequences(clips.heldOut(Split.DEVELOPMENT, count));
        }

        @Override
        public List<CodeSequence> test(int count) {
            return sequences(clips.heldOut(Split.TEST, count));
        }
    }

    /** Beginnings of pieces as sound, encoded once. */
    record Rendered(RenderedPieces pieces, Progress progress) implements CodeSource {
        @Override
        public void prepare() throws IOException {
            pieces.encodeTraining((done, all, note) -> progress.step("encoding", done, all, note));
        }

        @Override
        public Optional<Function<Piece, int[][]>> encoder() {
            return Optional.of(pieces::encode);
        }

        @Override
        public CodeSequence train(long index) {
            return sequence(pieces.train(index));
        }

        @Override
        public List<CodeSequence> heldOut(int count) {
            return sequences(pieces.heldOut(Split.DEVELOPMENT, count));
        }

        @Override
        public List<CodeSequence> test(int count) {
            return sequences(pieces.heldOut(Split.TEST, count));
        }
    }

    private static List<CodeSequence> sequences(List<CaptionedCodes> clips) {
        return clips.stream().map(CodeSource::sequence).toList();
    }

    private static CodeSequence sequence(CaptionedCodes clip) {
        return CodeSequence.of(clip.codes(), clip.prompt().text());
    }
}
