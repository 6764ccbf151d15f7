package org.encore.rewards.quality.raters;

import org.encore.music.Piece;
import org.encore.music.audio.Waveform;
import org.encore.music.degradation.Damage;

/**
 * A damaged clip and what raters said about it.
 *
 * @param piece the notes as they sound
 * @param sound the damage of sound included
 * @param damage what was done
 * @param verdict what raters said
 */
public record RatedClip(Piece piece, Waveform sound, Damage damage, Verdict verdict) {}
