package org.encore.app.report;

import static org.encore.app.report.Html.Numerals.coordinate;

import java.util.List;
import java.util.Locale;
import org.encore.app.report.Differences.Kind;
import org.encore.app.report.Differences.Row;
import org.encore.app.report.Html.Numerals;

/**
 * Differences with their intervals, one a line around a common 0: a forest plot.
 *
 * <p>Whether a difference is good is told by colour, by a sign and by a word.
 */
final class ForestPlot {
    private static final int WIDTH = 200;
    private static final int MIDDLE = WIDTH / 2;
    private static final int HEIGHT = 20;

    /** How far the longest interval reaches, so that its end is not at the edge. */
    private static final double REACH = 0.96;

    private final Html html;

    private ForestPlot(Html html) {
        this.html = html;
    }

    /**
     * Writes the plot.
     *
     * @param before heading of the first value: Before, or the name of a run
     * @param after heading of the second value
     */
    static void write(Html html, Differences differences, String before, String after) {
        ForestPlot plot = new ForestPlot(html);
        html.in(
                "table",
                () -> {
                    html.in(
                            "thead",
                            () -> html.in("tr", () -> html.element("th", "Metric", "scope", "col")
                                    .element("th", before, "scope", "col", "class", "number")
                                    .element("th", after, "scope", "col", "class", "number")
                                    .element("th", "Change", "scope", "col", "class", "number")
                                    .element("th", "95 % interval", "scope", "col", "class", "number")
                                    .element("th", "", "scope", "col")
                                    .element("th", "Worse or better", "scope", "col")));
                    for (Kind kind : Kind.values()) {
                        plot.group(kind, differences.ofKind(kind));
                    }
                },
                "class",
                "forest");
        html.element(
                "p",
                "Dots and lines: the change and its 95 % interval; the line in the middle is no change. An interval that"
                        + " leaves out 0 is told as better, worse, or changed where neither direction is better. Of twenty"
                        + " metrics that did not change, one is told as changed by chance.",
                "class",
                "note");
    }

    private void group(Kind kind, List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        double reach = rows.stream().mapToDouble(Row::reach).max().orElse(0.0);
        html.in("tbody", () -> {
            html.in(
                    "tr",
                    () -> {
                        html.element("th", kind.title(), "scope", "rowgroup", "colspan", "5");
                        html.in("td", () -> axis(kind.hasOwnScales() ? 0.0 : reach), "class", "axis");
                        html.element("td", "");
                    },
                    "class",
                    "group");
            rows.forEach(row -> row(row, kind.hasOwnScales() ? row.reach() : reach));
        });
    }

    /** The ends of the scale and its middle; nothing where every line has a scale of its own. */
    private void axis(double reach) {
        if (reach > 0.0) {
            String end = Numerals.of(Double.parseDouble(String.format(Locale.ROOT, "%.1e", reach / REACH)));
            html.element("span", "-" + end).element("span", "0").element("span", "+" + end);
        }
    }

    private void row(Row row, double reach) {
        String verdict = row.verdict().name().toLowerCase(Locale.ROOT);
        html.in(
                "tr",
                () -> {
                    html.element("th", row.metric(), "scope", "row");
                    html.element("td", Numerals.of(row.before()), "class", "number before");
                    html.element("td", Numerals.of(row.after()), "class", "number after");
                    html.element("td", row.shown(row.change().value()), "class", "number change");
                    html.element("td", bounds(row), "class", "number bounds");
                    html.in("td", () -> line(row, reach), "class", "line");
                    html.in(
                            "td",
                            () -> html.element("span", row.verdict().sign(), "class", "sign", "aria-hidden", "true")
                                    .text(" " + row.verdict().word()),
                            "class",
                            "verdict");
                },
                "class",
                verdict);
        html.line();
    }

    private static String bounds(Row row) {
        return Double.isFinite(row.change().low())
                ? row.shown(row.change().low()) + " to "
                        + row.shown(row.change().high())
                : "";
    }

    private void line(Row row, double reach) {
        if (!Double.isFinite(row.change().value())) {
            return;
        }
        html.in(
                "svg",
                () -> {
                    html.empty("path", "class", "zero", "d", "M" + MIDDLE + " 0V" + HEIGHT);
                    if (Double.isFinite(row.change().low())) {
                        html.empty(
                                "path",
                                "class",
                                "interval",
                                "d",
                                "M" + place(row.change().low(), reach) + " " + HEIGHT / 2 + "H"
                                        + place(row.change().high(), reach));
                    }
                    html.empty(
                            "path",
                            "class",
                            "dot",
                            "d",
                            "M" + place(row.change().value(), reach) + " " + HEIGHT / 2 + "h0.01");
                },
                "viewBox",
                "0 0 " + WIDTH + " " + HEIGHT,
                "preserveAspectRatio",
                "none",
                "role",
                "img",
                "aria-label",
                row.metric() + ": " + row.text());
    }

    private static String place(double change, double reach) {
        return coordinate(MIDDLE + (reach > 0.0 ? change / reach : 0.0) * REACH * MIDDLE);
    }
}
