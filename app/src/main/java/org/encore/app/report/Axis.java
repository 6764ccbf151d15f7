package org.encore.app.report;

import static org.encore.app.report.Html.Numerals.coordinate;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.encore.app.report.Html.Numerals;

/**
 * Maps values to places along a line.
 *
 * @param spacing whether equal differences or equal ratios are equally far apart
 * @param low the value at the start; above 0 where ratios count
 * @param high the value at the end, above {@code low}
 * @param ticks where to write numbers, all within the range
 */
record Axis(Spacing spacing, double low, double high, List<Tick> ticks) {
    private static final int INTERVALS = 4;
    private static final double RELATIVE_SLACK = 1e-9;

    /** What is equally far apart on the line. */
    enum Spacing {
        LINEAR,
        LOGARITHMIC
    }

    /** A value on the axis and how it is written. */
    record Tick(double value, String label) {}

    Axis {
        ticks = List.copyOf(ticks);
    }

    /** An axis from the first value to the last, with ticks between. */
    static Axis exact(double low, double high) {
        double[] range = opened(low, high);
        return new Axis(Spacing.LINEAR, range[0], range[1], ticks(range[0], range[1], interval(range[0], range[1])));
    }

    /** An axis that begins and ends with a tick, so that the curves do not touch the frame. */
    static Axis rounded(double low, double high) {
        double[] range = opened(low, high);
        double interval = interval(range[0], range[1]);
        double start = Math.floor(range[0] / interval + RELATIVE_SLACK) * interval;
        double end = Math.ceil(range[1] / interval - RELATIVE_SLACK) * interval;
        return new Axis(Spacing.LINEAR, start, end, ticks(start, end, interval));
    }

    /** An axis of whole powers of ten. */
    static Axis logarithmic(double low, double high) {
        int from = (int) Math.floor(Math.log10(low) + RELATIVE_SLACK);
        int to = Math.max(from + 1, (int) Math.ceil(Math.log10(high) - RELATIVE_SLACK));
        int every = (to - from - 1) / INTERVALS + 1;
        List<Tick> ticks = new ArrayList<>();
        for (int power = from; power <= to; power += every) {
            ticks.add(new Tick(Math.pow(10.0, power), Numerals.of(Math.pow(10.0, power))));
        }
        return new Axis(Spacing.LOGARITHMIC, Math.pow(10.0, from), Math.pow(10.0, to), ticks);
    }

    /** Where a value lies: 0 at the start, 1 at the end. */
    double place(double value) {
        return switch (spacing) {
            case LINEAR -> (value - low) / (high - low);
            case LOGARITHMIC -> Math.log(value / low) / Math.log(high / low);
        };
    }

    /** A range with some width, whatever it was. */
    private static double[] opened(double low, double high) {
        if (!(low <= high) || Double.isInfinite(high - low)) {
            return new double[] {0.0, 1.0};
        }
        double size = Math.max(Math.abs(low), Math.abs(high));
        if (high - low > size * RELATIVE_SLACK) {
            return new double[] {low, high};
        }
        return size == 0.0 ? new double[] {0.0, 1.0} : new double[] {low - size / 2.0, high + size / 2.0};
    }

    /** The distance of ticks: 1, 2 or 5 times a power of ten. */
    private static double interval(double low, double high) {
        double raw = (high - low) / INTERVALS;
        double power = Math.pow(10.0, Math.floor(Math.log10(raw)));
        double mantissa = raw / power;
        return power * (mantissa <= 1.0 ? 1.0 : mantissa <= 2.0 ? 2.0 : mantissa <= 5.0 ? 5.0 : 10.0);
    }

    private static List<Tick> ticks(double low, double high, double interval) {
        int decimals = Math.max(0, (int) -Math.floor(Math.log10(interval) + RELATIVE_SLACK));
        List<Tick> ticks = new ArrayList<>();
        long first = (long) Math.ceil(low / interval - RELATIVE_SLACK);
        for (long i = first; i * interval <= high + interval * RELATIVE_SLACK; i++) {
            ticks.add(new Tick(i * interval, label(i * interval, decimals)));
        }
        return ticks;
    }

    private static String label(double value, int decimals) {
        if (decimals > 4 || Math.abs(value) >= 1e7) {
            return Numerals.of(value);
        }
        return new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    }

    /**
     * The field of a chart between its two axes.
     *
     * @param x the axis along the bottom
     * @param y the axis along the left side
     */
    record Frame(Axis x, Axis y) {
        static final int WIDTH = 400;
        static final int HEIGHT = 210;
        static final int LEFT = 48;
        static final int RIGHT = 392;
        static final int TOP = 10;
        static final int BOTTOM = 184;
        private static final int LABEL_DROP = 16;
        private static final int NARROW = 24;

        /** The horizontal coordinate of a value. */
        double across(double value) {
            return LEFT + x.place(value) * (RIGHT - LEFT);
        }

        /** The vertical coordinate of a value. */
        double down(double value) {
            return BOTTOM - y.place(value) * (BOTTOM - TOP);
        }

        /** Draws grid lines and numbers. */
        void draw(Html html) {
            StringBuilder grid = new StringBuilder();
            for (Axis.Tick tick : y.ticks()) {
                String at = coordinate(down(tick.value()));
                grid.append('M').append(LEFT).append(' ').append(at).append('H').append(RIGHT);
                html.element("text", tick.label(), "x", "" + (LEFT - 6), "y", at, "dy", "4", "text-anchor", "end");
            }
            html.empty("path", "class", "grid", "d", grid.toString());
            for (Axis.Tick tick : x.ticks()) {
                double at = across(tick.value());
                String anchor = at > RIGHT - NARROW ? "end" : at < LEFT + NARROW ? "start" : "middle";
                html.empty("path", "class", "tick", "d", "M" + coordinate(at) + " " + BOTTOM + "v4");
                html.element(
                        "text",
                        tick.label(),
                        "x",
                        coordinate(at),
                        "y",
                        "" + (BOTTOM + LABEL_DROP),
                        "text-anchor",
                        anchor);
            }
        }

        /** The attributes of the drawing, with what the script needs to find a value under the pointer. */
        String[] attributes(String description, String across) {
            return new String[] {
                "viewBox",
                "0 0 " + WIDTH + " " + HEIGHT,
                "role",
                "img",
                "aria-label",
                description,
                "data-left",
                "" + LEFT,
                "data-right",
                "" + RIGHT,
                "data-first",
                Double.toString(x.low()),
                "data-last",
                Double.toString(x.high()),
                "data-across",
                across
            };
        }
    }
}
