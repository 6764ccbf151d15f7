package org.encore.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.encore.app.report.Html.Numerals;
import org.encore.app.report.SectionedPage.Part;
import org.encore.base.files.AtomicFiles;
import org.encore.preferences.statistics.JudgementMatrix;
import org.encore.preferences.statistics.JudgementMatrix.Pair;
import org.encore.run.RunDirectory;
import org.encore.statistics.Interval;

/** The page of a study: judgements pooled and by seed, reward against KL by recipe, what was pushed too far, players. */
public final class StudyPage {
    private static final String HELD_OUT = "held_out/";
    private static final String[] NOTE = {"class", "note"};
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The paper's win rates in percent, by the two recipes of its names: MusicRL, section 5. */
    private static final Map<List<String>, Double> PAPER = Map.of(
            List.of("r", "base"), 83.4,
            List.of("u", "base"), 74.4,
            List.of("u", "r"), 53.7,
            List.of("ru", "base"), 86.5,
            List.of("ru", "u"), 62.4,
            List.of("ru", "r"), 66.1);

    private final Html html = new Html();

    private StudyPage() {}

    /**
     * The judgements of a study.
     *
     * @param pooled of all seeds
     * @param bySeed of each
     */
    public record Judged(JudgementMatrix pooled, Map<Long, JudgementMatrix> bySeed) {}

    /**
     * Writes the page.
     *
     * @param opening who judged what
     * @param values metrics of every model, means over seeds
     * @param changes their differences to the base, with the range over seeds
     * @param runs the trainings of each recipe, one a seed
     * @param told names of held-out metrics that are drawn against KL
     * @param folders the folder of every model's samples
     */
    public static void write(
            Path page,
            String opening,
            Judged judged,
            Map<String, Map<String, Double>> values,
            Map<String, Map<String, Interval>> changes,
            Map<String, List<RunDirectory>> runs,
            List<String> told,
            Map<String, Path> folders)
            throws IOException {
        StudyPage self = new StudyPage();
        List<Part> parts = new ArrayList<>(ContestPage.judgements(self.html, judged.pooled));
        if (!judged.pooled.pairs().isEmpty()) {
            parts.add(1, new Part("seeds", "Seed by seed, beside the paper", () -> self.bySeed(judged)));
        }
        parts.addAll(self.trainings(runs, told));
        parts.add(new Part("metrics", "Metrics", () -> {
            ContestPage.metrics(self.html, values, changes);
            if (judged.bySeed.size() > 1) {
                self.html.element(
                        "p", "Here in brackets the lowest and the highest change of a seed, not an interval.", NOTE);
            }
        }));
        ContestPage.players(self.html, folders, page).ifPresent(parts::add);
        AtomicFiles.write(
                page,
                SectionedPage.of(
                                self.html,
                                "Study of " + String.join(", ", values.keySet()),
                                () -> {
                                    ContestPage.sentences(judged.pooled)
                                            .forEach(said -> self.html.element("p", said, "class", "story"));
                                    self.html.element("p", opening, NOTE);
                                },
                                parts)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private void bySeed(Judged judged) {
        html.in(
                "div",
                () -> html.in("table", () -> {
                    html.in(
                            "thead",
                            () -> html.in("tr", () -> {
                                html.element("th", "", "scope", "col");
                                judged.bySeed
                                        .keySet()
                                        .forEach(seed -> html.element("th", "seed " + seed, "scope", "col"));
                                html.element("th", "all", "scope", "col").element("th", "paper", "scope", "col");
                            }));
                    html.in("tbody", () -> judged.pooled
                            .pairs()
                            .forEach(pair -> html.in("tr", () -> {
                                html.element("th", pair.a() + " against " + pair.b(), "scope", "row");
                                judged.bySeed.values().forEach(matrix -> rate(matrix, pair));
                                rate(judged.pooled, pair);
                                Double paper = PAPER.get(List.of(pair.a(), pair.b()));
                                html.element("td", paper == null ? "" : String.format(Locale.ROOT, "%.0f %%", paper));
                            })));
                }),
                "class",
                "wide");
        html.element(
                "p",
                "Share of wins in strict judgements, with its interval in small print; a star where Wilcoxon's test, corrected for"
                        + " the pairs of its column, tells it from chance at 5 %. The paper's judges are"
                        + " people, its models far larger.",
                NOTE);
    }

    private void rate(JudgementMatrix matrix, Pair wanted) {
        Optional<Pair> found = matrix.pairs().stream()
                .filter(pair -> pair.a().equals(wanted.a()) && pair.b().equals(wanted.b()))
                .findFirst();
        html.in(
                "td",
                () -> found.ifPresent(pair -> html.element(
                                "b",
                                String.format(
                                        Locale.ROOT,
                                        "%.0f %%%s",
                                        100.0 * pair.rate().value(),
                                        pair.corrected() < 0.05 ? " *" : ""))
                        .empty("br")
                        .element(
                                "small",
                                String.format(
                                        Locale.ROOT,
                                        "%.0f to %.0f",
                                        100.0 * pair.rate().low(),
                                        100.0 * pair.rate().high()))));
    }

    private List<Part> trainings(Map<String, List<RunDirectory>> runs, List<String> told) throws IOException {
        Map<String, List<Metrics>> logs = new LinkedHashMap<>();
        for (Map.Entry<String, List<RunDirectory>> recipe : runs.entrySet()) {
            List<Metrics> own = new ArrayList<>();
            for (RunDirectory run : recipe.getValue()) {
                own.add(Metrics.readIfThere(run.metrics()));
            }
            logs.put(recipe.getKey(), own);
        }
        List<LineChart> charts = new ArrayList<>();
        for (String name : told) {
            List<Curve> curves = new ArrayList<>();
            logs.forEach((recipe, own) -> curve(recipe, name, own).ifPresent(curves::add));
            if (!curves.isEmpty()) {
                charts.add(new LineChart(name + " against KL, held-out prompts", curves, Axis.Spacing.LINEAR, "KL"));
            }
        }
        List<Part> parts = new ArrayList<>();
        if (!charts.isEmpty()) {
            parts.add(new Part("kl", "Reward against KL", () -> {
                html.in("div", () -> charts.forEach(chart -> chart.write(html)), "class", "charts");
                html.element(
                        "p",
                        "Evaluations on development prompts while the recipes trained, means over seeds, ordered by KL: nats a"
                                + " sequence from the model that the recipe started from.",
                        NOTE);
            }));
        }
        List<Row> rows = rows(runs, logs);
        if (!rows.isEmpty()) {
            parts.add(new Part("over-optimisation", "Chosen, and pushed too far", () -> choices(rows)));
        }
        return parts;
    }

    /** The points of a recipe, each the mean over seeds of one step; in the order of KL. */
    private static Optional<Curve> curve(String recipe, String name, List<Metrics> logs) {
        TreeMap<Double, Double> points = new TreeMap<>();
        TreeSet<Long> steps = new TreeSet<>();
        for (Metrics log : logs) {
            log.curve(HELD_OUT + name).ifPresent(curve -> {
                for (int i = 0; i < curve.size(); i++) {
                    steps.add(curve.step(i));
                }
            });
        }
        for (long step : steps) {
            double kl = mean(logs, "kl", step);
            double value = mean(logs, name, step);
            if (Double.isFinite(kl) && Double.isFinite(value)) {
                points.put(kl, value);
            }
        }
        return points.size() < 2
                ? Optional.empty()
                : Optional.of(Curve.of(
                        recipe,
                        points.keySet().stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray(),
                        points.values().stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray()));
    }

    private static double mean(List<Metrics> logs, String name, long step) {
        return logs.stream()
                .flatMap(log -> log.curve(HELD_OUT + name).stream())
                .mapToDouble(curve -> curve.at(step))
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
    }

    /** One metric of one training at its begin, at the chosen step and at its end. */
    private record Row(
            String recipe, long seed, long chosen, long last, String metric, List<Double> values, String warning) {}

    private static List<Row> rows(Map<String, List<RunDirectory>> runs, Map<String, List<Metrics>> logs)
            throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<String, List<RunDirectory>> recipe : runs.entrySet()) {
            for (int i = 0; i < recipe.getValue().size(); i++) {
                RunDirectory run = recipe.getValue().get(i);
                if (!Files.isRegularFile(run.choice())) {
                    continue;
                }
                JsonNode choice = JSON.readTree(run.choice().toFile());
                JsonNode summary =
                        JSON.readTree(run.path().resolve("summary.json").toFile());
                Metrics log = logs.get(recipe.getKey()).get(i);
                long chosen = choice.path("step").asLong();
                long last = summary.path("iterations").asLong();
                String warning =
                        summary.path("evaluation").path("over_optimisation").asText("");
                List<String> metrics =
                        new ArrayList<>(List.of(choice.path("metric").asText()));
                RunFacts.read(run).rewarded().stream()
                        .filter(id -> !metrics.contains(id))
                        .forEach(metrics::add);
                metrics.add("kl");
                for (String metric : metrics) {
                    log.curve(HELD_OUT + metric)
                            .ifPresent(curve -> rows.add(new Row(
                                    recipe.getKey(),
                                    Long.parseLong(run.path()
                                            .getParent()
                                            .getFileName()
                                            .toString()
                                            .replaceAll("\\D", "")),
                                    chosen,
                                    last,
                                    metric,
                                    List.of(curve.at(0), curve.at(chosen), curve.at(last)),
                                    warning)));
                }
            }
        }
        return rows;
    }

    private void choices(List<Row> rows) {
        html.in(
                "div",
                () -> html.in("table", () -> {
                    html.in(
                            "thead",
                            () -> html.in("tr", () -> List.of("recipe, seed", "metric", "start", "chosen", "last")
                                    .forEach(name -> html.element("th", name, "scope", "col"))));
                    html.in("tbody", () -> {
                        String before = "";
                        for (Row row : rows) {
                            String name = row.recipe + ", " + row.seed;
                            String shown = name.equals(before) ? "" : name + ": step " + row.chosen + " of " + row.last;
                            html.in("tr", () -> {
                                html.element("th", shown, "scope", "row");
                                html.in("td", () -> html.element("code", row.metric));
                                for (double value : row.values) {
                                    html.element("td", Numerals.of(value));
                                }
                            });
                            before = name;
                        }
                    });
                }),
                "class",
                "wide");
        rows.stream()
                .filter(row -> !row.warning.isEmpty())
                .map(row -> row.recipe + ", seed " + row.seed + ", last step: " + row.warning)
                .distinct()
                .forEach(said -> html.element("p", said, "class", "alarm"));
        html.element(
                "p",
                "Held-out values, means over the development prompts of each training's selection. Where a reward still rises after"
                        + " the chosen step while the selection's metric falls, the recipe was pushed too far.",
                NOTE);
    }
}
