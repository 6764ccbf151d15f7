package org.encore.app.report;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.encore.app.report.SectionedPage.Part;
import org.encore.base.files.AtomicFiles;
import org.encore.statistics.Interval;
import org.encore.steering.evaluation.SteeringEvaluation.Result;
import org.encore.steering.evaluation.SteeringEvaluation.Row;

/** The evaluation of steering as text, JSON, pictures and a page. */
public final class SteeringTables {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private SteeringTables() {}

    /** All rows for programs. */
    public static Map<String, Object> facts(Result result) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("table", result.table());
        facts.put("heads", result.heads());
        facts.put("monitor", result.monitor());
        return facts;
    }

    /** A table in Markdown: over all traits, then success by trait. */
    public static String markdown(List<Row> rows) {
        StringBuilder text = head(rows, "| | success, % |", "|---|---|", " distance | coherence |", "---|---|");
        for (Row row : rows) {
            text.append("| ")
                    .append(row.name())
                    .append(" | ")
                    .append(share(row.all().success()))
                    .append(" |");
            row.byTrait()
                    .values()
                    .forEach(each -> text.append(String.format(
                            Locale.ROOT, " %.1f |", 100.0 * each.success().value())));
            text.append(' ')
                    .append(number(row.all().distance()))
                    .append(" | ")
                    .append(number(row.all().coherence()))
                    .append(" |\n");
        }
        return text.toString();
    }

    /** A table in Markdown: distance, then coherence, by trait. */
    public static String byTrait(List<Row> rows) {
        StringBuilder text = new StringBuilder();
        for (boolean distance : new boolean[] {true, false}) {
            text.append(head(rows, distance ? "| distance |" : "| coherence |", "|---|", "", ""));
            for (Row row : rows) {
                text.append("| ").append(row.name()).append(" |");
                row.byTrait().values().forEach(each -> text.append(' ')
                        .append(distance ? number(each.distance()) : number(each.coherence()))
                        .append(" |"));
                text.append('\n');
            }
            text.append(distance ? "\n" : "");
        }
        return text.toString();
    }

    /** The names of the columns, those of traits in the middle, and the rule below them. */
    private static StringBuilder head(
            List<Row> rows, String before, String ruleBefore, String after, String ruleAfter) {
        StringBuilder text = new StringBuilder(before);
        StringBuilder rule = new StringBuilder(ruleBefore);
        for (String trait : rows.get(0).byTrait().keySet()) {
            text.append(' ').append(trait).append(" |");
            rule.append("--:|");
        }
        return text.append(after).append('\n').append(rule).append(ruleAfter).append('\n');
    }

    private static String share(Interval interval) {
        return String.format(
                Locale.ROOT,
                "%.1f [%.1f, %.1f]",
                100.0 * interval.value(),
                100.0 * interval.low(),
                100.0 * interval.high());
    }

    private static String number(Interval interval) {
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", interval.value(), interval.low(), interval.high());
    }

    /**
     * Writes {@code steering.json}, two pictures and {@code steering.html}, each atomically.
     *
     * @param facts what the command prints as JSON
     * @return the page
     */
    public static Path write(Path directory, String name, Map<String, ?> facts, Result result) throws IOException {
        LineChart heads =
                chart("Soft weights and K heads", "soft weights", "the best K heads, K rising", result.heads(), 1);
        LineChart monitor = chart(
                "The monitor, strength rising",
                "monitor on",
                "monitor off",
                result.monitor(),
                result.monitor().size() / 2);
        AtomicFiles.write(directory.resolve("steering.json"), JSON.writeValueAsBytes(facts));
        AtomicFiles.write(directory.resolve("heads.svg"), heads.picture().getBytes(StandardCharsets.UTF_8));
        AtomicFiles.write(directory.resolve("monitor.svg"), monitor.picture().getBytes(StandardCharsets.UTF_8));
        Html html = new Html();
        List<Part> parts = new ArrayList<>();
        parts.add(new Part("table", "Ways to add a trait", () -> {
            table(html, result.table());
            result.table().get(0).byTrait().keySet().forEach(trait -> {
                html.element("h3", trait);
                table(
                        html,
                        result.table().stream()
                                .map(row -> new Row(row.name(), row.byTrait().get(trait), Map.of()))
                                .toList());
            });
        }));
        parts.add(new Part("heads", "Soft weights or the best K heads", () -> {
            heads.write(html);
            table(html, result.heads());
        }));
        parts.add(new Part("monitor", "The monitor", () -> {
            monitor.write(html);
            table(html, result.monitor());
        }));
        Path page = directory.resolve("steering.html");
        AtomicFiles.write(page, SectionedPage.of(html, name, parts).getBytes(StandardCharsets.UTF_8));
        return page;
    }

    private static void table(Html html, List<Row> rows) {
        html.in(
                "div",
                () -> html.in("table", () -> {
                    html.in("tr", () -> {
                        html.element("th", "");
                        html.element("th", "success, %", "scope", "col");
                        rows.get(0).byTrait().keySet().forEach(trait -> html.element("th", trait, "scope", "col"));
                        html.element("th", "distance", "scope", "col");
                        html.element("th", "coherence", "scope", "col");
                    });
                    rows.forEach(row -> html.in("tr", () -> {
                        html.element("th", row.name(), "scope", "row");
                        html.element("td", share(row.all().success()));
                        row.byTrait().values().forEach(each -> html.element("td", share(each.success())));
                        html.element("td", number(row.all().distance()));
                        html.element("td", number(row.all().coherence()));
                    }));
                }),
                "class",
                "wide");
    }

    /** Success in per cent against distance: the first rows as one curve, the others as another. */
    private static LineChart chart(String title, String one, String other, List<Row> rows, int first) {
        return new LineChart(
                title + ": success, %, against distance to unsteered music",
                List.of(curve(one, rows.subList(0, first)), curve(other, rows.subList(first, rows.size()))),
                Axis.Spacing.LINEAR,
                "distance");
    }

    private static Curve curve(String name, List<Row> rows) {
        List<Row> byDistance = rows.stream()
                .sorted(Comparator.comparingDouble(row -> row.all().distance().value()))
                .toList();
        return Curve.of(
                name,
                byDistance.stream()
                        .mapToDouble(row -> row.all().distance().value())
                        .toArray(),
                byDistance.stream().map(row -> perCent(row.all().success())).toList());
    }

    private static Interval perCent(Interval share) {
        return new Interval(100.0 * share.value(), 100.0 * share.low(), 100.0 * share.high());
    }
}
