package org.encore.app.report.charts;

import static org.encore.app.report.markup.Numerals.coordinate;

import org.encore.app.report.markup.Html;

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
                    "text", tick.label(), "x", coordinate(at), "y", "" + (BOTTOM + LABEL_DROP), "text-anchor", anchor);
        }
    }

    /** The attributes of the drawing, with what the script needs to find a value under the pointer. */
    String[] attributes(String description) {
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
            Double.toString(x.high())
        };
    }
}
