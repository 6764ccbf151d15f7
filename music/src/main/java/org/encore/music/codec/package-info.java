/**
 * Codecs: encode pieces as codes and decode codes to clips.
 *
 * <p>Read first: {@link org.encore.music.codec.AudioCodec} and {@link org.encore.music.codec.Clip}; then {@link
 * org.encore.music.codec.SymbolicCodec}, a codec that also writes pieces as codes. Codecs of notes are {@link org.encore.music.codec.VoiceCodec} and those in {@code org.encore.music.codec.notes}.
 *
 * <p>Legend: K codebooks by F frames of codes, {@code [K][F]}.
 *
 * <p>Invariants: every codec accepts every sequence of integers and every clip has sound; notes are optional. A symbolic codec is stable: {@code encode(piece(encode(p)))} equals {@code encode(p)}.
 *
 * <p>To add a codec, implement {@code AudioCodec} or {@code SymbolicCodec} and register its name in {@code
 * org.encore.model.pretrained.Codecs}.
 */
package org.encore.music.codec;
