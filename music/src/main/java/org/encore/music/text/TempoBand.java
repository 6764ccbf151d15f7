package org.encore.music.text;

/** How fast the quarter notes go. */
public enum TempoBand {
    SLOW,
    MEDIUM,
    FAST
}
