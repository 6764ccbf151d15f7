/**
 * Turns pieces into the integers a policy speaks, and integers into something to listen to.
 *
 * <p>Read first: {@link org.encore.music.codec.AudioCodec}, then {@link org.encore.music.codec.notes.NoteVocabulary} and
 * {@link org.encore.music.codec.notes.NoteCodec}; {@code docs/vocabulary.md} explains the language with an example. Music of
 * four voices can also be written as a grid: {@link org.encore.music.codec.voices.VoiceCodec}.
 *
 * <p>Legend: K codebooks by T frames of codes, {@code [K][T]}; notes as events have K = 1, voices K = 4. Time in ticks, twelve to a
 * quarter note.
 *
 * <p>Invariants: decoding accepts every sequence of integers; {@code decode(encode(p))} is {@code quantised(p)}, and
 * encoding what was decoded, then decoding again, changes nothing more.
 *
 * <p>To change the vocabulary, change {@link org.encore.music.codec.notes.NoteVocabulary.CodeKind}, run the tests and paste the table they
 * ask for into {@code docs/vocabulary.md}; models trained before the change cannot be used after it.
 */
package org.encore.music.codec;
