/**
 * The codec of note events: 441 codes in one codebook that express any piece.
 *
 * <p>Read first: {@link org.encore.music.codec.notes.NoteVocabulary}, then {@link
 * org.encore.music.codec.notes.NoteLanguage}, which writes and reads pieces without sound; {@link
 * org.encore.music.codec.notes.NoteCodec} adds a synthesiser. {@code docs/vocabulary.md} explains the language with an
 * example.
 *
 * <p>Legend: codes of the language {@code [F]}, of the codec {@code [1][F]}; time in ticks, twelve to a quarter note.
 *
 * <p>Invariants: reading accepts every sequence of integers; {@code read(write(p))} is {@code quantised(p)}, and quantising
 * twice changes nothing more.
 *
 * <p>To change the vocabulary, change {@link org.encore.music.codec.notes.NoteVocabulary.CodeKind}, run the tests and paste
 * the table they ask for into {@code docs/vocabulary.md}; models trained before the change cannot be used after it.
 */
package org.encore.music.codec.notes;
