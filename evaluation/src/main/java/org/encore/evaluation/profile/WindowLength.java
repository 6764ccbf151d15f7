package org.encore.evaluation.profile;

import java.math.BigDecimal;
import java.util.OptionalInt;
import org.encore.music.codec.AudioCodec;

/**
 * Length of a damaged window.
 *
 * @param amount positive; whole for codes
 * @param unit unit of the amount
 */
public record WindowLength(double amount, Unit unit) {
    /** Unit of a length. */
    public enum Unit {
        /** Frames of codes. */
        CODES(""),
        /** Seconds of the piece, by the codec's clock. */
        SECONDS("s");

        private final String suffix;

        Unit(String suffix) {
            this.suffix = suffix;
        }
    }

    public WindowLength {
        boolean whole = unit == Unit.SECONDS || amount == Math.rint(amount);
        if (!(amount > 0.0 && amount < 1e6) || !whole) {
            throw new IllegalArgumentException(
                    "a length is " + amount + ", but must be a positive number of seconds or a whole number of codes");
        }
    }

    /** A number of codes. */
    public static WindowLength codes(int count) {
        return new WindowLength(count, Unit.CODES);
    }

    /**
     * Reads {@code 50} as codes and {@code 0.5s} as seconds.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    public static WindowLength parse(String text) {
        String number = text.strip();
        Unit unit = number.endsWith(Unit.SECONDS.suffix) ? Unit.SECONDS : Unit.CODES;
        try {
            double amount = Double.parseDouble(number.substring(0, number.length() - unit.suffix.length()));
            return new WindowLength(amount, unit);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "a length is \"" + text
                            + "\", but must be a number of codes such as 50, or of seconds such as 0.5s",
                    e);
        }
    }

    /** As {@link #parse} reads it. */
    public String label() {
        return new BigDecimal(Double.toString(amount)).stripTrailingZeros().toPlainString() + unit.suffix;
    }

    /**
     * The number of frames, from a given frame on.
     *
     * @return empty if the unit is seconds and no code lies within them, or if the piece ends before
     * @throws IllegalArgumentException if the unit is seconds and the codec has no clock
     */
    public OptionalInt frames(AudioCodec codec, int[][] codes, int first) {
        if (unit == Unit.CODES) {
            return OptionalInt.of((int) amount);
        }
        double[] moments = codec.seconds(codes)
                .orElseThrow(() -> new IllegalArgumentException(
                        "a length is " + label() + ", but this codec cannot tell seconds; give it in codes"));
        for (int f = first; f < moments.length; f++) {
            if (moments[f] >= moments[first] + amount) {
                return f == first ? OptionalInt.empty() : OptionalInt.of(f - first);
            }
        }
        return OptionalInt.empty();
    }
}
