package org.encore.music.etudes.idiom;

import org.encore.music.text.Timbre;

/**
 * Where an instrument plays.
 *
 * @param low lowest MIDI key
 * @param high highest MIDI key
 * @param centre key around which its melodies lie
 */
public record Register(int low, int high, int centre) {
    private static final int CHORD_CENTRE = 58;
    private static final int BASS_CENTRE = 40;

    /** The register of a pitched instrument. */
    public static Register of(Timbre timbre) {
        return switch (timbre) {
            case PIANO -> new Register(28, 96, 67);
            case MUSIC_BOX -> new Register(40, 96, 74);
            case MARIMBA -> new Register(40, 96, 67);
            case ORGAN -> new Register(36, 91, 66);
            case GUITAR -> new Register(40, 84, 62);
            case BASS -> new Register(28, 60, 40);
            case VIOLIN -> new Register(55, 96, 70);
            case CELLO -> new Register(36, 76, 50);
            case HARP -> new Register(36, 96, 66);
            case TRUMPET -> new Register(54, 86, 66);
            case SAXOPHONE -> new Register(49, 82, 60);
            case CLARINET -> new Register(50, 90, 64);
            case FLUTE -> new Register(60, 96, 73);
            case DRUMS -> throw new IllegalArgumentException("timbre is DRUMS, but must have a pitch");
        };
    }

    /** Whether an instrument can play several keys at once. */
    public static boolean playsChords(Timbre timbre) {
        return switch (timbre) {
            case PIANO, MUSIC_BOX, MARIMBA, ORGAN, GUITAR, HARP -> true;
            case BASS, VIOLIN, CELLO, TRUMPET, SAXOPHONE, CLARINET, FLUTE, DRUMS -> false;
        };
    }

    /** The same range, for chords under a melody. */
    public Register forChords() {
        return new Register(low, high, Math.max(low + 6, CHORD_CENTRE));
    }

    /** The same range, for a bass under everything. */
    public Register forBass() {
        return new Register(low, high, Math.max(low + 3, BASS_CENTRE));
    }

    /** The same range, for a voice this much higher or lower. */
    public Register shifted(int semitones) {
        return new Register(low, high, Math.min(high - 6, Math.max(low + 6, centre + semitones)));
    }

    /** The key of a pitch class that lies nearest to a key and inside the range. */
    public int nearest(int pitchClass, int key) {
        int best = -1;
        for (int candidate = low; candidate <= high; candidate++) {
            boolean isNearer = best < 0 || Math.abs(candidate - key) < Math.abs(best - key);
            if (Math.floorMod(candidate - pitchClass, 12) == 0 && isNearer) {
                best = candidate;
            }
        }
        return best;
    }

    /** Moves a key by octaves into the range. */
    public int folded(int key) {
        int folded = key;
        while (folded < low) {
            folded += 12;
        }
        while (folded > high) {
            folded -= 12;
        }
        return folded;
    }
}
