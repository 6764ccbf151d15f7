package org.encore.music;

/**
 * A time signature.
 *
 * @param beats beats a bar, 1 to 12
 * @param unit what counts as a beat: 2, 4 or 8 (half, quarter or eighth note)
 */
public record Meter(int beats, int unit) {
    public static final Meter FOUR_FOUR = new Meter(4, 4);
    public static final Meter THREE_FOUR = new Meter(3, 4);

    public Meter {
        if (beats < 1 || beats > 12) {
            throw new IllegalArgumentException("beats is " + beats + ", but must lie in [1, 12]");
        }
        if (unit != 2 && unit != 4 && unit != 8) {
            throw new IllegalArgumentException("unit is " + unit + ", but must be 2, 4 or 8");
        }
    }

    /** Length of a bar in ticks. */
    public int ticksPerBar() {
        return beats * ticksPerBeat();
    }

    /** Length of a beat in ticks. */
    public int ticksPerBeat() {
        return Piece.TICKS_PER_QUARTER * 4 / unit;
    }

    @Override
    public String toString() {
        return beats + "/" + unit;
    }
}
