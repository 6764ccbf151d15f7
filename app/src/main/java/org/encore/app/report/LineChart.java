package org.encore.app.report;

import static org.encore.app.report.Html.Numerals.coordinate;

import java.util.ArrayList;
import java.util.List;
import org.encore.app.report.Axis.Frame;
import org.encore.app.report.Html.Numerals;

/**
 * Some curves over the steps, with a legend that tells the last values, or those under the pointer.
 *
 * @param title what the chart shows
 * @param curves at least one; long ones are drawn pale, with a smoothed line over them
 * @param spacing of the values; {@code LOGARITHMIC} holds only if all are above 0
 */
record LineChart(String title, List<Curve> curves, Axis.Spacing spacing) {
    private static final int MOST_POINTS = 600;
    private static final int DOTTED_UP_TO = 40;

    /** How many colours there are for curves; see the style sheet. */
    private static final int COLOURS = 8;

    LineChart {
        curves = List.copyOf(curves);
    }

    /** Writes the chart as a figure. */
    void write(Html html) {
        Frame frame = new Frame(steps(), values());
        html.in(
                "figure",
                () -> {
                    html.in("figcaption", () -> html.text(title).text(" ").element("span", "", "class", "at"));
                    html.in("svg", () -> draw(html, frame), frame.attributes(title));
                    html.in("ul", () -> legend(html), "class", "legend");
                },
                "class",
                "chart");
        html.line();
    }

    private void draw(Html html, Frame frame) {
        frame.draw(html);
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            if (curve.isNoisy()) {
                path(html, "raw " + colour(i), line(frame, curve.thinned(MOST_POINTS)), curve);
                path(
                        html,
                        "mean " + colour(i),
                        line(frame, smoothed(curve, frame).thinned(MOST_POINTS)),
                        curve);
            } else {
                path(html, "mean " + colour(i), line(frame, curve.thinned(MOST_POINTS)), curve);
                if (curve.size() <= DOTTED_UP_TO) {
                    path(html, "dots " + colour(i), dots(frame, curve), curve);
                }
            }
        }
        html.empty("path", "class", "cursor", "d", "M0 " + Frame.TOP + "V" + Frame.BOTTOM);
    }

    /** The mean of what the eye sees: on an axis of ratios the geometric one. */
    private static Curve smoothed(Curve curve, Frame frame) {
        return switch (frame.y().spacing()) {
            case LINEAR -> curve.smoothed();
            case LOGARITHMIC -> curve.with(Math::log).smoothed().with(Math::exp);
        };
    }

    private static void path(Html html, String classes, String shape, Curve curve) {
        html.in(
                "path",
                () -> html.element(
                        "title",
                        curve.name() + ": last " + Numerals.of(curve.last()) + ", lowest " + Numerals.of(curve.lowest())
                                + ", highest " + Numerals.of(curve.highest())),
                "class",
                classes,
                "d",
                shape);
    }

    private void legend(Html html) {
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            html.in(
                    "li",
                    () -> html.element("span", curve.name(), "class", "key")
                            .text(" ")
                            .element("span", Numerals.of(curve.last()), "class", "value"),
                    "class",
                    colour(i),
                    "data-points",
                    points(curve.thinned(MOST_POINTS)));
        }
    }

    private static String colour(int curve) {
        return "c" + curve % COLOURS + (curve < COLOURS ? "" : " dashed");
    }

    private static String line(Frame frame, Curve curve) {
        StringBuilder path = new StringBuilder();
        boolean broken = true;
        for (int i = 0; i < curve.size(); i++) {
            if (Double.isNaN(curve.value(i))) {
                broken = true;
                continue;
            }
            path.append(broken ? 'M' : 'L')
                    .append(coordinate(frame.across((double) curve.step(i))))
                    .append(' ')
                    .append(coordinate(frame.down(curve.value(i))))
                    .append(broken ? "h0" : "");
            broken = false;
        }
        return path.toString();
    }

    private static String dots(Frame frame, Curve curve) {
        return line(frame, curve).replaceAll("L([^L]*)", "M$1h0");
    }

    /** Steps and values in turn, for the script; gaps are left out. */
    private static String points(Curve curve) {
        List<String> points = new ArrayList<>();
        for (int i = 0; i < curve.size(); i++) {
            if (!Double.isNaN(curve.value(i))) {
                points.add(curve.step(i) + " " + Numerals.of(curve.value(i)));
            }
        }
        return String.join(" ", points);
    }

    private Axis steps() {
        long first = curves.stream().mapToLong(curve -> curve.step(0)).min().orElseThrow();
        long last = curves.stream()
                .mapToLong(curve -> curve.step(curve.size() - 1))
                .max()
                .orElseThrow();
        return Axis.exact((double) first, (double) last);
    }

    private Axis values() {
        double low = curves.stream().mapToDouble(Curve::lowest).min().orElseThrow();
        double high = curves.stream().mapToDouble(Curve::highest).max().orElseThrow();
        boolean logarithmic = spacing == Axis.Spacing.LOGARITHMIC && low > 0.0 && Double.isFinite(high);
        return logarithmic ? Axis.logarithmic(low, high) : Axis.rounded(low, high);
    }
}
