package org.encore.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.encore.app.report.markup.Html;
import org.encore.app.report.markup.Numerals;

/** The parts of the page that tell single numbers and texts: results, and where the run came from. */
final class Facts {
    private static final String EVALUATION = "evaluation";
    private static final String BEFORE = "before";
    private static final String AFTER = "after";
    private static final String DIFFERENCE = "difference";
    private static final String OVER_OPTIMISATION = "over_optimisation";
    private static final String SECONDS = "wall_s";
    private static final double BAR_WIDTH = 100.0;

    private final Html html;

    Facts(Html html) {
        this.html = html;
    }

    /** What came of the run: its numbers as tiles, and what was measured before and after as a table. */
    void results(JsonNode summary) {
        Map<String, JsonNode> tiles = leaves(summary);
        tiles.keySet()
                .removeIf(key -> key.equals(EVALUATION + "/" + OVER_OPTIMISATION)
                        || key.startsWith(EVALUATION + "/" + BEFORE + "/")
                        || key.startsWith(EVALUATION + "/" + AFTER + "/")
                        || key.startsWith(EVALUATION + "/" + DIFFERENCE + "/"));
        html.in("dl", () -> tiles.forEach(this::tile), "class", "tiles");
        JsonNode warning = summary.path(EVALUATION).path(OVER_OPTIMISATION);
        if (warning.isTextual()) {
            html.element("p", warning.asText() + " Listen before you trust the reward.", "class", "note");
        }
        JsonNode before = summary.path(EVALUATION).path(BEFORE);
        JsonNode after = summary.path(EVALUATION).path(AFTER);
        if (!before.isEmpty() || !after.isEmpty()) {
            JsonNode difference = summary.path(EVALUATION).path(DIFFERENCE);
            html.in("div", () -> comparison(before, after, difference), "class", "wide");
        }
    }

    /** Names and values of a tree, one a row. */
    void table(JsonNode tree) {
        html.in(
                "div",
                () -> html.in("table", () -> leaves(tree)
                        .forEach((name, value) -> html.in("tr", () -> html.element("th", words(name), "scope", "row")
                                .in("td", () -> html.element("code", value.asText()))))),
                "class",
                "wide");
    }

    private void tile(String key, JsonNode value) {
        html.in("div", () -> html.element("dt", label(key)).element("dd", shown(key, value)));
    }

    private static String label(String key) {
        return key.equals(SECONDS) ? "duration" : words(key.replace(EVALUATION + "/", ""));
    }

    private static String shown(String key, JsonNode value) {
        if (!value.isNumber()) {
            return value.isNull() ? "–" : value.asText();
        }
        return key.equals(SECONDS) ? Numerals.duration(value.doubleValue()) : Numerals.of(value.doubleValue());
    }

    private void comparison(JsonNode before, JsonNode after, JsonNode difference) {
        Set<String> metrics = new LinkedHashSet<>();
        before.fieldNames().forEachRemaining(metrics::add);
        after.fieldNames().forEachRemaining(metrics::add);
        html.in(
                "table",
                () -> {
                    html.in("tr", () -> html.element("th", "Metric", "scope", "col")
                            .element("th", "Before", "scope", "col", "class", BEFORE)
                            .element("th", "After", "scope", "col", "class", AFTER)
                            .element("th", "Change", "scope", "col")
                            .element("th", "95 % interval", "scope", "col")
                            .element("td", ""));
                    metrics.forEach(metric -> row(
                            metric,
                            before.path(metric).asDouble(Double.NaN),
                            after.path(metric).asDouble(Double.NaN),
                            interval(difference.path(metric))));
                },
                "class",
                "comparison");
    }

    private static String interval(JsonNode difference) {
        return difference.isMissingNode()
                ? ""
                : Numerals.change(difference.path("low").asDouble()) + " to "
                        + Numerals.change(difference.path("high").asDouble());
    }

    private void row(String metric, double before, double after, String interval) {
        html.in("tr", () -> {
            html.element("th", metric, "scope", "row");
            html.element("td", Numerals.of(before));
            html.element("td", Numerals.of(after));
            html.element("td", Numerals.change(after - before), "class", "change");
            html.element("td", interval, "class", "change");
            html.in("td", () -> bars(before, after));
        });
        html.line();
    }

    /** Two bars on one scale that begins at 0, or at the lowest value if that is negative. */
    private void bars(double before, double after) {
        double low = Math.min(0.0, Math.min(before, after));
        double high = Math.max(0.0, Math.max(before, after));
        if (!(high > low)) {
            return;
        }
        double zero = -low / (high - low) * BAR_WIDTH;
        html.in(
                "svg",
                () -> {
                    bar(BEFORE, zero, (before - low) / (high - low) * BAR_WIDTH, 1);
                    bar(AFTER, zero, (after - low) / (high - low) * BAR_WIDTH, 9);
                },
                "viewBox",
                "0 0 100 16",
                "preserveAspectRatio",
                "none",
                "aria-hidden",
                "true",
                "class",
                "bars");
    }

    private void bar(String kind, double zero, double end, int top) {
        html.empty(
                "rect",
                "class",
                kind,
                "x",
                Numerals.coordinate(Math.min(zero, end)),
                "y",
                Integer.toString(top),
                "width",
                Numerals.coordinate(Math.max(Math.abs(end - zero), 0.5)),
                "height",
                "6");
    }

    /** All that is no object, under the names that lead to it, joined by slashes. */
    private static Map<String, JsonNode> leaves(JsonNode tree) {
        Map<String, JsonNode> leaves = new LinkedHashMap<>();
        collect("", tree, leaves);
        return leaves;
    }

    private static void collect(String prefix, JsonNode tree, Map<String, JsonNode> leaves) {
        tree.properties().forEach(entry -> {
            String name = prefix + entry.getKey();
            if (entry.getValue().isObject()) {
                collect(name + "/", entry.getValue(), leaves);
            } else {
                leaves.put(name, entry.getValue());
            }
        });
    }

    private static String words(String key) {
        return key.replace('_', ' ').replace("/", ", ");
    }
}
