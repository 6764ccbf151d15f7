package org.encore.app.report;

import static org.encore.app.report.Html.Numerals.coordinate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.encore.app.report.Axis.Frame;
import org.encore.app.report.Html.Numerals;

/**
 * Some curves, with a legend that tells the last values, or those under the pointer.
 *
 * @param title what the chart shows
 * @param curves at least one; long ones over steps are drawn pale, with a smoothed line over them
 * @param spacing of the values; {@code LOGARITHMIC} holds only if all are above 0
 * @param across what the curves run over, for the value under the pointer: {@code step}
 */
record LineChart(String title, List<Curve> curves, Axis.Spacing spacing, String across) {
    private static final String STEP = "step";
    private static final int MOST_POINTS = 600;
    private static final int DOTTED_UP_TO = 40;
    private static final int TITLE_HEIGHT = 26;
    private static final int LEGEND_LINE = 18;
    private static final int PICTURE_MARGIN = 12;

    /** How many colours there are for curves; see the style sheet. */
    private static final int COLOURS = 8;

    LineChart {
        curves = List.copyOf(curves);
    }

    /** Metrics over the steps. */
    LineChart(String title, List<Curve> curves, Axis.Spacing spacing) {
        this(title, curves, spacing, STEP);
    }

    /** Writes the chart as a figure. */
    void write(Html html) {
        Frame frame = new Frame(steps(), values());
        html.in(
                "figure",
                () -> {
                    html.in("figcaption", () -> html.text(title).text(" ").element("span", "", "class", "at"));
                    html.in("svg", () -> draw(html, frame), frame.attributes(title, across));
                    html.in("ul", () -> legend(html), "class", "legend");
                },
                "class",
                "chart");
        html.line();
    }

    /**
     * The chart as a picture that stands alone: SVG, in the colours of the pages, light or dark as the reader's system is.
     * Documents show it as an image.
     */
    String picture() throws IOException {
        String style = SectionedPage.resource("report.css");
        Frame frame = new Frame(steps(), values());
        int height = TITLE_HEIGHT + Frame.HEIGHT + LEGEND_LINE * curves.size() + LEGEND_LINE / 2;
        Html html = new Html();
        html.in(
                "svg",
                () -> {
                    html.in("style", () -> html.verbatim(style));
                    html.empty("rect", "width", "" + Frame.WIDTH, "height", "" + height, "style", "fill: var(--card)");
                    html.element("text", title, "x", "" + PICTURE_MARGIN, "y", "18", "style", "fill: var(--ink)");
                    html.in("g", () -> draw(html, frame), "transform", "translate(0 " + TITLE_HEIGHT + ")");
                    for (int i = 0; i < curves.size(); i++) {
                        String y = "" + (TITLE_HEIGHT + Frame.HEIGHT + LEGEND_LINE * i + LEGEND_LINE / 2);
                        html.empty("path", "class", "dots " + colour(i), "d", "M" + PICTURE_MARGIN + " " + y + "h8");
                        html.element("text", curves.get(i).name(), "x", "" + (PICTURE_MARGIN + 16), "y", y, "dy", "4");
                    }
                },
                "xmlns",
                "http://www.w3.org/2000/svg",
                "class",
                "chart",
                "viewBox",
                "0 0 " + Frame.WIDTH + " " + height,
                "width",
                "" + 2 * Frame.WIDTH,
                "font-family",
                "sans-serif");
        return html.line().toString();
    }

    private void draw(Html html, Frame frame) {
        frame.draw(html);
        for (int i = 0; i < curves.size(); i++) {
            if (curves.get(i).hasBand()) {
                html.empty("path", "class", "band " + colour(i), "d", band(frame, curves.get(i)));
            }
        }
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            if (curve.hasBand()) {
                path(html, "mean " + colour(i), line(frame, curve), curve);
                path(html, "dots " + colour(i), dots(frame, curve), curve);
            } else if (across.equals(STEP) && curve.isNoisy()) {
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
                    .append(coordinate(frame.across(curve.place(i))))
                    .append(' ')
                    .append(coordinate(frame.down(curve.value(i))))
                    .append(broken ? "h0" : "");
            broken = false;
        }
        return path.toString();
    }

    /** There along the upper ends, back along the lower ones; points without an interval are left out. */
    private static String band(Frame frame, Curve curve) {
        StringBuilder there = new StringBuilder();
        StringBuilder back = new StringBuilder();
        for (int i = 0; i < curve.size(); i++) {
            if (Double.isFinite(curve.low(i)) && Double.isFinite(curve.high(i))) {
                String x = coordinate(frame.across(curve.place(i)));
                there.append(there.isEmpty() ? 'M' : 'L').append(x).append(' ');
                there.append(coordinate(frame.down(curve.high(i))));
                back.insert(0, "L" + x + " " + coordinate(frame.down(curve.low(i))));
            }
        }
        return there.isEmpty() ? "" : there.append(back).append('Z').toString();
    }

    private static String dots(Frame frame, Curve curve) {
        return line(frame, curve).replaceAll("L([^L]*)", "M$1h0");
    }

    /** Steps and values in turn, for the script, which writes a space for "~"; gaps are left out. */
    private static String points(Curve curve) {
        List<String> points = new ArrayList<>();
        for (int i = 0; i < curve.size(); i++) {
            if (!Double.isNaN(curve.value(i))) {
                String interval = curve.hasBand()
                        ? " [" + Numerals.of(curve.low(i)) + ", " + Numerals.of(curve.high(i)) + "]"
                        : "";
                points.add(
                        Numerals.of(curve.place(i)) + " " + (Numerals.of(curve.value(i)) + interval).replace(' ', '~'));
            }
        }
        return String.join(" ", points);
    }

    private Axis steps() {
        double first =
                curves.stream().mapToDouble(curve -> curve.place(0)).min().orElseThrow();
        double last = curves.stream()
                .mapToDouble(curve -> curve.place(curve.size() - 1))
                .max()
                .orElseThrow();
        Axis axis = Axis.exact(first, last);
        // There is no step between two steps.
        return across.equals(STEP)
                ? new Axis(
                        axis.spacing(),
                        axis.low(),
                        axis.high(),
                        axis.ticks().stream()
                                .filter(tick -> tick.value() == Math.rint(tick.value()))
                                .map(tick -> new Axis.Tick(tick.value(), Numerals.of(tick.value())))
                                .toList())
                : axis;
    }

    private Axis values() {
        double low = ends().min().orElse(Double.NaN);
        double high = ends().max().orElse(Double.NaN);
        boolean logarithmic = spacing == Axis.Spacing.LOGARITHMIC && low > 0.0 && Double.isFinite(high);
        return logarithmic ? Axis.logarithmic(low, high) : Axis.rounded(low, high);
    }

    /** The values, and the ends of their intervals. */
    private DoubleStream ends() {
        return curves.stream()
                .flatMapToDouble(curve -> IntStream.range(0, curve.size())
                        .mapToObj(i -> curve.hasBand()
                                ? DoubleStream.of(curve.value(i), curve.low(i), curve.high(i))
                                : DoubleStream.of(curve.value(i)))
                        .flatMapToDouble(each -> each))
                .filter(Double::isFinite);
    }
}
