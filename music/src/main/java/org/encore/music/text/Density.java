package org.encore.music.text;

/** How many distinct moments a quarter note has at which something starts; drums count, chords count once. */
public enum Density {
    SPARSE,
    MEDIUM,
    DENSE
}
