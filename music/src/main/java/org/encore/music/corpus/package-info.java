/**
 * Where captioned music comes from: the études, a folder of MIDI files, or a file of chorales.
 *
 * <p>Read first: {@link org.encore.music.corpus.Corpus}, then {@link org.encore.music.corpus.EtudeCorpus},
 * {@link org.encore.music.corpus.MidiFolderCorpus} and {@link org.encore.music.corpus.ChoraleCorpus}.
 *
 * <p>Invariants: an item is a function of seed and index, whatever was asked before and from whichever thread; nothing
 * of what is held out occurs in training; every piece is its own quantised form.
 *
 * <p>To change where music comes from, implement {@code Corpus}; whoever trains or evaluates knows nothing else.
 */
package org.encore.music.corpus;
