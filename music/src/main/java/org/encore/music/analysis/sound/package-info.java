/**
 * What a sound tells of the music in it, without notes: tempo, key, density of onsets, families of instruments, loudness.
 *
 * <p>Read first: {@link org.encore.music.analysis.sound.SoundAnalysis}, what is measured;
 * {@link org.encore.music.analysis.sound.SoundReferee}, what is said, and when it abstains;
 * {@link org.encore.music.analysis.sound.RefereeFit}, how it was calibrated on rendered études, whose notes tell the truth.
 *
 * <p>The referee of models of sound, as the rules of {@link org.encore.music.analysis} are that of models of notes. It shares
 * no parameter with any reward.
 */
package org.encore.music.analysis.sound;
