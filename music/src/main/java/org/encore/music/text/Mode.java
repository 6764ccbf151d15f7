package org.encore.music.text;

/** The scale above the tonic: major, minor (natural or harmonic), or modal (Dorian or Mixolydian). */
public enum Mode {
    MAJOR,
    MINOR,
    MODAL
}
