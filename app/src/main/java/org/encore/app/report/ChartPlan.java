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
import org.encore.evaluation.policy.OverOptimisation;
import org.encore.run.MetricCatalogue;

/** Assigns metrics to charts: their order, shared charts, and collapsed ones. */
public final class ChartPlan {
    /** Charts in the order of the page; {@code $1} in a title is what the group of the pattern matched. */
    private static final List<Rule> RULES = List.of(
            together("Score of the mixture", MetricCatalogue.SCORES),
            each("Reward $1, raw", "rewards/(.+)/raw_mean"),
            together("KL from the reference, nats a sequence", MetricCatalogue.KL),
            together("KL from the reference, nats a code", "kl/(?:exact|k\\d)"),
            together("KL coefficient", "kl/coef"),
            together("Entropy, nats a code", "objective/entropy"),
            together("Loss-curve profile, Δ in nats a code", "profile/(?:peak|assimilation|recovery)"),
            together("Loss, nats a code", MetricCatalogue.TRAINING_LOSS + "|" + MetricCatalogue.HELD_OUT_LOSS),
            each("Loss: $1", "loss/(.+?)(?:_avg)?"),
            together(
                    "Explained variance of the value network: of all steps, and at the beginning, middle and end",
                    "val/explained_variance(?:_at/(?:00|50|90))?"),
            new Rule("Gradient norm", Pattern.compile("grad_norm(?:/.*)?"), Sharing.TOGETHER, Spacing.LOGARITHMIC),
            together("Learning rate", "lr(?:/.*)?"),
            together("Throughput, codes a second", "perf/(?:.*_)?codes_per_s"),
            together("Seconds of each phase", "timing_s/.*"));

    /** Titles of metrics that need a word of explanation. */
    private static final Map<String, String> TITLES = Map.of(
            "objective/rlhf_reward",
            "Score minus KL coefficient times KL: falls where KL costs more than the score gained");

    private static final String HELD_OUT = "held_out/";

    private final List<LineChart> charts = new ArrayList<>();
    private final Map<String, List<LineChart>> folded = new LinkedHashMap<>();
    private final List<FrontierChart> frontiers;

    /** Metrics whose charts would show a straight line, or nothing. */
    private final List<Curve> still = new ArrayList<>();

    private enum Sharing {
        TOGETHER,
        EACH
    }

    private record Rule(String title, Pattern names, Sharing sharing, Spacing spacing) {
        /** The charts of some metrics; where a metric has several curves, each metric has its own chart. */
        List<LineChart> charts(List<String> matching, Map<String, List<Curve>> curves) {
            boolean single = matching.stream().allMatch(name -> curves.get(name).size() == 1);
            if (sharing == Sharing.TOGETHER && single && !matching.isEmpty()) {
                List<Curve> all =
                        matching.stream().map(name -> curves.get(name).get(0)).toList();
                return List.of(new LineChart(title, all, spacing));
            }
            return matching.stream()
                    .map(name -> new LineChart(
                            sharing == Sharing.TOGETHER && matching.size() > 1 ? title + ": " + name : titleOf(name),
                            curves.get(name),
                            spacing))
                    .toList();
        }

        private String titleOf(String name) {
            Matcher matcher = names.matcher(name);
            return matcher.matches() && matcher.groupCount() > 0 ? title.replace("$1", matcher.group(1)) : title;
        }
    }

    /** Plans the charts of a log. */
    public static ChartPlan of(Metrics metrics) {
        Map<String, List<Curve>> curves = new LinkedHashMap<>();
        metrics.curves().forEach((name, curve) -> curves.put(name, List.of(curve)));
        return new ChartPlan(curves, frontiers(metrics));
    }

    /** Plans charts of several runs: one for each metric that at least two of them have, with a curve a run. */
    static ChartPlan of(Map<String, Metrics> runs) {
        Map<String, List<Curve>> curves = new LinkedHashMap<>();
        runs.forEach((run, metrics) -> metrics.curves()
                .forEach((name, curve) ->
                        curves.computeIfAbsent(name, key -> new ArrayList<>()).add(curve.named(run))));
        curves.values().removeIf(each -> each.size() < 2);
        return new ChartPlan(curves, List.of());
    }

    /** Of each metric its curves: one, or several that share a chart of their own. */
    private ChartPlan(Map<String, List<Curve>> curves, List<FrontierChart> frontiers) {
        this.frontiers = frontiers;
        Set<String> left = new LinkedHashSet<>();
        curves.forEach((name, ofName) -> {
            if (isStill(ofName)) {
                still.add(ofName.get(0).named(name));
            } else {
                left.add(name);
            }
        });
        for (Rule rule : RULES) {
            List<String> names = left.stream()
                    .filter(name -> rule.names().matcher(name).matches())
                    .toList();
            names.forEach(left::remove);
            charts.addAll(rule.charts(names, curves));
        }
        for (String name : left) {
            String prefix = name.contains("/") ? name.substring(0, name.indexOf('/')) : "others";
            folded.computeIfAbsent(prefix, key -> new ArrayList<>())
                    .add(new LineChart(TITLES.getOrDefault(name, name), curves.get(name), Spacing.LINEAR));
        }
    }

    /** Whether the curves of a metric have no value, or all the same one. */
    private static boolean isStill(List<Curve> curves) {
        return curves.stream().noneMatch(Curve::hasValues)
                || (curves.stream().allMatch(Curve::isConstant)
                        && curves.stream().mapToDouble(Curve::lowest).distinct().count() == 1);
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
        if (!still.isEmpty()) {
            html.in("details", () -> {
                html.element("summary", "Metrics that did not change (" + still.size() + ")");
                html.in("ul", () -> still.forEach(curve -> stillValue(html, curve)), "class", "still");
            });
        }
    }

    private static void stillValue(Html html, Curve curve) {
        html.in("li", () -> html.element("span", curve.name(), "class", "key")
                .text(" " + (curve.hasValues() ? Numerals.of(curve.last()) : "has no values")));
    }

    /** The training's own samples first, then held-out points, of what has a better direction. */
    private static List<FrontierChart> frontiers(Metrics metrics) {
        List<FrontierChart> charts = new ArrayList<>();
        metrics.curve(MetricCatalogue.KL)
                .flatMap(kl -> metrics.curve(MetricCatalogue.SCORES)
                        .map(score -> new FrontierChart("Score against KL, training samples", kl, score)))
                .ifPresent(charts::add);
        metrics.curve(HELD_OUT + "kl").ifPresent(kl -> metrics.curves().forEach((name, curve) -> {
            if (name.startsWith(HELD_OUT) && isTold(name.substring(HELD_OUT.length()))) {
                charts.add(new FrontierChart(
                        name.substring(HELD_OUT.length()) + " against KL, held-out prompts", kl, curve));
            }
        }));
        return charts;
    }

    /** Whether a held-out metric is a reward, or one of the referee's with a better direction, but no part of another. */
    private static boolean isTold(String name) {
        if (name.equals("selection")) {
            return true;
        }
        boolean own = name.startsWith("kl") || name.equals("chosen_step") || name.startsWith("adherence/");
        return !own
                && (OverOptimisation.better(name).isPresent()
                        || MetricCatalogue.find(name, List.of(MetricCatalogue.Group.HELD_OUT))
                                .map(metric -> metric.better() != MetricCatalogue.Better.NEITHER)
                                .orElse(false));
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
     * @param title of the chart
     * @param kl KL of the policy from the reference
     * @param score the score that it is trained on, or another metric
     */
    record FrontierChart(String title, Curve kl, Curve score) {
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
                        html.in("figcaption", () -> html.text(title + " ").element("span", "", "class", "at"));
                        html.in("svg", () -> draw(html, frame, points), frame.attributes(title, "KL"));
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
