package org.encore.app.report.charts;

import static org.encore.app.report.markup.Numerals.coordinate;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.encore.app.report.charts.Axis.Frame;
import org.encore.app.report.markup.Html;
import org.encore.app.report.markup.Numerals;

/**
 * What was won against what it cost: one point a step, score over divergence.
 *
 * @param divergence how far the policy is from the reference
 * @param score what it is trained to raise
 */
record FrontierChart(Curve divergence, Curve score) {
    private static final int MOST_POINTS = 500;
    private static final int SHADES = 5;

    private record Point(long step, double divergence, double score) {}

    /** Writes the chart as a figure; nothing if no step has both figures. */
    void write(Html html) {
        List<Point> points = points();
        if (points.isEmpty()) {
            return;
        }
        Frame frame = new Frame(axis(points, Point::divergence), axis(points, Point::score));
        html.in(
                "figure",
                () -> {
                    html.element("figcaption", "Score against divergence");
                    html.in("svg", () -> draw(html, frame, points), frame.attributes("score against divergence"));
                    html.in("ul", () -> legend(html, points), "class", "legend");
                },
                "class",
                "chart frontier");
        html.line();
    }

    private List<Point> points() {
        List<Point> points = new ArrayList<>();
        int every = (score.size() - 1) / MOST_POINTS + 1;
        for (int i = 0; i < score.size(); i += every) {
            Point point = new Point(score.step(i), divergence.at(score.step(i)), score.value(i));
            if (!Double.isNaN(point.divergence()) && !Double.isNaN(point.score())) {
                points.add(point);
            }
        }
        return points;
    }

    private static Axis axis(List<Point> points, ToDoubleFunction<Point> figure) {
        DoubleSummaryStatistics range = points.stream().mapToDouble(figure).summaryStatistics();
        return Axis.rounded(range.getMin(), range.getMax());
    }

    private static void draw(Html html, Frame frame, List<Point> points) {
        frame.draw(html);
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            html.in(
                    "path",
                    () -> html.element(
                            "title",
                            "step " + point.step() + ": divergence " + Numerals.of(point.divergence()) + ", score "
                                    + Numerals.of(point.score())),
                    "class",
                    "shade" + i * SHADES / points.size(),
                    "d",
                    "M" + coordinate(frame.across(point.divergence())) + " " + coordinate(frame.down(point.score()))
                            + "h0");
        }
    }

    private void legend(Html html, List<Point> points) {
        html.in("li", () -> html.text("→ ").element("span", divergence.name(), "class", "key"));
        html.in("li", () -> html.text("↑ ").element("span", score.name(), "class", "key"));
        html.in("li", () -> html.element("span", "step " + points.get(0).step()), "class", "shade0");
        html.in(
                "li",
                () -> html.element(
                        "span", "step " + points.get(points.size() - 1).step()),
                "class",
                "shade" + (SHADES - 1));
    }
}
