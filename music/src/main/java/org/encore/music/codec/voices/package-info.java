/**
 * Music of four voices as a grid of sixteenth notes, one codebook for each voice.
 *
 * <p>Read first: {@link org.encore.music.codec.voices.VoiceCodec}.
 *
 * <p>Legend: codes {@code [4][T]}, the highest voice first; a frame is a sixteenth note, three ticks.
 *
 * <p>Invariants: reading accepts every sequence of integers; every frame before the end has a pitch or a rest in each voice.
 *
 * <p>To change the range of pitches, change {@code LOWEST_PITCH} and {@code HIGHEST_PITCH} of {@code VoiceCodec}; models
 * trained before the change cannot be used after it.
 */
package org.encore.music.codec.voices;
