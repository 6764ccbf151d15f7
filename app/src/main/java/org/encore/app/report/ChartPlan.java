package org.encore.app.report;

import static org.encore.app.report.Html.Numerals.coordinate;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.encore.app.report.Axis.Frame;
import org.encore.app.report.Axis.Spacing;
import org.encore.app.report.Html.Numerals;
import org.encore.run.MetricCatalogue;

/** Assigns metrics to charts: their order, shared charts, and collapsed ones. */
public final class ChartPlan {
    /** Charts in the order of the page; {@code $1} in a title is what the group of the pattern matched. */
    private static final List<Rule> RULES = List.of(
            together("Score of the mixture", "objective/(?:scores|rlhf_reward)"),
            each("Reward $1, raw", "rewards/(.+)/raw_mean"),
            together("KL from the reference, nats a sequence", MetricCatalogue.KL),
            together("KL from the reference, nats a code", "kl/(?:exact|k\\d)"),
            together("KL coefficient", "kl/coef"),
            together("Entropy, nats a code", "objective/entropy"),
            together("Loss-curve profile, Δ in nats a code", "profile/(?:peak|assimilation|recovery)"),
            together("Loss, nats a code", MetricCatalogue.TRAINING_LOSS + "|" + MetricCatalogue.HELD_OUT_LOSS),
            each("Loss: $1", "loss/(.+?)(?:_avg)?"),
            together("Explained variance of the value network", "val/explained_variance"),
            new Rule("Gradient norm", Pattern.compile("grad_norm(?:/.*)?"), Sharing.TOGETHER, Spacing.LOGARITHMIC),
            together("Learning rate", "lr(?:/.*)?"),
            together("Throughput, codes a second", "perf/(?:.*_)?codes_per_s"),
            together("Seconds of each phase", "timing_s/.*"));

    private final List<LineChart> charts;
    private final Map<String, List<LineChart>> folded;
    private final List<FrontierChart> frontiers;

    private enum Sharing {
        TOGETHER,
        EACH
    }

    private record Rule(String title, Pattern names, Sharing sharing, Spacing spacing) {
        List<LineChart> charts(List<Curve> matching) {
            if (matching.isEmpty()) {
                return List.of();
            }
            return switch (sharing) {
                case TOGETHER -> List.of(new LineChart(title, matching, spacing));
                case EACH ->
                    matching.stream()
                            .map(curve -> new LineChart(titleOf(curve), List.of(curve), spacing))
                            .toList();
            };
        }

        private String titleOf(Curve curve) {
            Matcher matcher = names.matcher(curve.name());
            return matcher.matches() ? title.replace("$1", matcher.group(1)) : title;
        }
    }

    private ChartPlan(List<LineChart> charts, Map<String, List<LineChart>> folded, List<FrontierChart> frontiers) {
        this.charts = charts;
        this.folded = folded;
        this.frontiers = frontiers;
    }

    /** Plans the charts of a log. */
    public static ChartPlan of(Metrics metrics) {
        Set<String> left = new LinkedHashSet<>(metrics.curves().keySet());
        List<LineChart> charts = new ArrayList<>();
        for (Rule rule : RULES) {
            List<String> names = left.stream()
                    .filter(name -> rule.names().matcher(name).matches())
                    .toList();
            charts.addAll(rule.charts(names.stream().map(metrics.curves()::get).toList()));
            names.forEach(left::remove);
        }
        Map<String, List<LineChart>> folded = new LinkedHashMap<>();
        for (String name : left) {
            String prefix = name.contains("/") ? name.substring(0, name.indexOf('/')) : "others";
            folded.computeIfAbsent(prefix, key -> new ArrayList<>())
                    .add(new LineChart(name, List.of(metrics.curves().get(name)), Spacing.LINEAR));
        }
        return new ChartPlan(charts, folded, frontiers(metrics));
    }

    /** Writes all charts. */
    public void write(Html html) {
        html.in(
                "div",
                () -> {
                    frontiers.forEach(chart -> chart.write(html));
                    charts.forEach(chart -> chart.write(html));
                },
                "class",
                "charts");
        folded.forEach((prefix, group) -> html.in("details", () -> {
            html.element("summary", "More metrics: " + prefix + " (" + group.size() + ")");
            html.in("div", () -> group.forEach(chart -> chart.write(html)), "class", "charts");
        }));
    }

    private static List<FrontierChart> frontiers(Metrics metrics) {
        return metrics
                .curve(MetricCatalogue.KL)
                .flatMap(kl -> metrics.curve(MetricCatalogue.SCORES).map(score -> new FrontierChart(kl, score)))
                .stream()
                .toList();
    }

    private static Rule together(String title, String names) {
        return new Rule(title, Pattern.compile(names), Sharing.TOGETHER, Spacing.LINEAR);
    }

    private static Rule each(String title, String names) {
        return new Rule(title, Pattern.compile(names), Sharing.EACH, Spacing.LINEAR);
    }

    /**
     * Reward against KL: one point per step.
     *
     * @param kl KL of the policy from the reference
     * @param score the score that it is trained on
     */
    record FrontierChart(Curve kl, Curve score) {
        private static final int MOST_POINTS = 500;
        private static final int SHADES = 5;

        private record Point(long step, double kl, double score) {}

        /** Writes the chart; nothing if no step has both metrics. */
        void write(Html html) {
            List<Point> points = points();
            if (points.isEmpty()) {
                return;
            }
            Frame frame = new Frame(axis(points, Point::kl), axis(points, Point::score));
            html.in(
                    "figure",
                    () -> {
                        html.element("figcaption", "Score against KL");
                        html.in("svg", () -> draw(html, frame, points), frame.attributes("score against KL"));
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
                Point point = new Point(score.step(i), kl.at(score.step(i)), score.value(i));
                if (!Double.isNaN(point.kl()) && !Double.isNaN(point.score())) {
                    points.add(point);
                }
            }
            return points;
        }

        private static Axis axis(List<Point> points, ToDoubleFunction<Point> metric) {
            DoubleSummaryStatistics range = points.stream().mapToDouble(metric).summaryStatistics();
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
                                "step " + point.step() + ": KL " + Numerals.of(point.kl()) + ", score "
                                        + Numerals.of(point.score())),
                        "class",
                        "shade" + i * SHADES / points.size(),
                        "d",
                        "M" + coordinate(frame.across(point.kl())) + " " + coordinate(frame.down(point.score()))
                                + "h0");
            }
        }

        private void legend(Html html, List<Point> points) {
            html.in("li", () -> html.text("→ ").element("span", kl.name(), "class", "key"));
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
}
