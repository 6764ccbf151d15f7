package org.encore.music.text;

/** A manner of playing that can be told from rhythm and articulation alone, in any metre, tempo and mode. */
public enum Style {
    /** Even values on the beat, legato, voices moving by step. */
    CHORALE,
    /** Dotted rhythms that lean into the next beat, detached, bass on the beat and chords after it. */
    MARCH,
    /** Short-long-short sixteenths over a striding bass. */
    RAGTIME,
    /** Shuffled triplets with blue notes. */
    BLUES,
    /** Rocking broken chords in full triplets, legato. */
    LULLABY,
    /** A pulse on every beat, short repeated notes. */
    TECHNO,
    /** Dotted groups of three sixteenths that jump over the second beat. */
    BOSSA,
    /** Short chords between the beats, even beats left silent. */
    REGGAE
}
