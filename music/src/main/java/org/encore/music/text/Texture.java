package org.encore.music.text;

/** How many pitches sound together, and whether they move together; drums do not count. */
public enum Texture {
    /** One pitch class at a time, whoever plays it. */
    MONOPHONIC,
    /** Chords that start together under a melody. */
    HOMOPHONIC,
    /** Lines that overlap and start apart from each other. */
    POLYPHONIC
}
