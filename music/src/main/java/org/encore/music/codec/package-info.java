/**
 * Turns codes into clips: what the integers of a music transformer stand for.
 *
 * <p>Read first: {@link org.encore.music.codec.AudioCodec} and {@link org.encore.music.codec.Clip}; then {@link
 * org.encore.music.codec.SymbolicCodec}, a codec that also writes pieces as codes. Codecs of notes are in {@code
 * org.encore.music.codec.notes} and {@code org.encore.music.codec.voices}.
 *
 * <p>Legend: K codebooks by T frames of codes, {@code [K][T]}.
 *
 * <p>Invariants: every codec accepts every sequence of integers and every clip has sound; notes are optional. A codec of
 * notes reads back what it wrote: {@code encode(piece(encode(p)))} equals {@code encode(p)}.
 *
 * <p>To add a codec, implement {@code AudioCodec} or {@code SymbolicCodec} and register its name in {@code
 * org.encore.model.pretrained.Codecs}.
 */
package org.encore.music.codec;
