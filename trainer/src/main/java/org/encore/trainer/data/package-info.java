/**
 * Where pieces and prompts come from.
 *
 * <p>Read first: {@link org.encore.trainer.data.CorpusSource}.
 *
 * <p>Invariants: what is held out is never given as training material; an index always gives the same piece.
 *
 * <p>To add a corpus, implement {@link org.encore.music.corpus.Corpus} and permit a source of it here that names the codec
 * its pieces are written in.
 */
package org.encore.trainer.data;
