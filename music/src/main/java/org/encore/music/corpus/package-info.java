/**
 * Sources of captioned music: the études, a folder of MIDI files, or a file of chorales; and lists of prompts alone.
 *
 * <p>Read first: {@link org.encore.music.corpus.Corpus}, then {@link org.encore.music.corpus.EtudeCorpus},
 * {@link org.encore.music.corpus.MidiFolderCorpus}, {@link org.encore.music.corpus.ChoraleCorpus} and {@link
 * org.encore.music.corpus.PromptCorpus}. As codes of sound, encoded once, there are
 * {@link org.encore.music.corpus.EncodedSound}, the files of a folder, and {@link org.encore.music.corpus.RenderedPieces}, the
 * pieces of any corpus.
 *
 * <p>Invariants: an item is a function of seed and index, independent of earlier calls and of the thread; no held-out item occurs in training, and none in both {@link org.encore.music.corpus.Split}s; every piece is its own quantised form.
 *
 * <p>To add a source of music, implement {@link org.encore.music.corpus.Corpus}; training and evaluation depend on nothing else.
 */
package org.encore.music.corpus;
