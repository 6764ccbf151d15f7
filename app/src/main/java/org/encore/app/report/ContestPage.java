package org.encore.app.report;

import static org.encore.app.report.Html.Numerals.coordinate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.encore.app.report.Differences.Verdict;
import org.encore.app.report.Html.Numerals;
import org.encore.app.report.SectionedPage.Part;
import org.encore.base.files.AtomicFiles;
import org.encore.preferences.statistics.JudgementMatrix;
import org.encore.preferences.statistics.JudgementMatrix.Pair;
import org.encore.run.RunDirectory;
import org.encore.statistics.Interval;

/** The page of a contest of models: who beats whom, opinion scores, metrics, and what they sound like. */
public final class ContestPage {
    private static final double WORST = 1.0;
    private static final double BEST = 5.0;
    private static final int WIDTH = 200;
    private static final int MIDDLE = 10;
    private static final String[] NOTE = {"class", "note"};

    private final Html html;

    private ContestPage(Html html) {
        this.html = html;
    }

    /**
     * Writes the page.
     *
     * @param title its heading
     * @param judges who judged, for the opening
     * @param matrix the table of judgements
     * @param values the metrics of every model, by model and name
     * @param changes their differences to the first model
     * @param folders the folder of every model's samples
     */
    public static void write(
            Path page,
            String title,
            String judges,
            JudgementMatrix matrix,
            Map<String, Map<String, Double>> values,
            Map<String, Map<String, Interval>> changes,
            Map<String, Path> folders)
            throws IOException {
        Html html = new Html();
        ContestPage self = new ContestPage(html);
        List<Part> parts = new ArrayList<>(judgements(html, matrix));
        if (!values.isEmpty()) {
            parts.add(new Part("metrics", "Metrics", () -> metrics(html, values, changes)));
        }
        players(html, folders, page).ifPresent(parts::add);
        AtomicFiles.write(
                page,
                SectionedPage.of(html, title, () -> self.opening(judges, matrix), parts)
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** The sections about judgements; none without any. */
    static List<Part> judgements(Html html, JudgementMatrix matrix) {
        ContestPage self = new ContestPage(html);
        List<Part> parts = new ArrayList<>();
        if (!matrix.pairs().isEmpty()) {
            parts.add(new Part("matrix", "Who beats whom", () -> self.matrix(matrix)));
            if (!matrix.scores().isEmpty()) {
                parts.add(new Part("scores", "Mean opinion scores", () -> self.scores(matrix)));
            }
        }
        return parts;
    }

    /** The section of samples side by side; empty without folders. */
    static Optional<Part> players(Html html, Map<String, Path> folders, Path page) throws IOException {
        Map<String, SampleSets> sets = new LinkedHashMap<>();
        Path directory = page.toAbsolutePath().normalize().getParent();
        for (Map.Entry<String, Path> folder : folders.entrySet()) {
            sets.put(folder.getKey(), SampleSets.read(new RunDirectory(folder.getValue()), directory));
        }
        return sets.isEmpty()
                ? Optional.empty()
                : Optional.of(new Part("listen", "Listen", () -> SampleGallery.sideBySide(html, sets)));
    }

    /** What the table says in a sentence for each model but the first. */
    static List<String> sentences(JudgementMatrix matrix) {
        String base = matrix.models().isEmpty() ? "" : matrix.models().get(0);
        return matrix.pairs().stream()
                .filter(pair -> pair.b().equals(base))
                .map(pair -> String.format(
                        Locale.ROOT,
                        "%s %s %s: %.0f %% of %d strict judgements, p = %.2g.",
                        pair.a(),
                        pair.corrected() < 0.05
                                ? pair.difference().value() > 0.0 ? "beats" : "loses to"
                                : "is not clearly different from",
                        pair.b(),
                        100.0 * pair.rate().value(),
                        pair.win() + pair.loss(),
                        pair.corrected()))
                .toList();
    }

    private void opening(String judges, JudgementMatrix matrix) {
        sentences(matrix).forEach(sentence -> html.element("p", sentence, "class", "story"));
        html.element("p", judges, NOTE);
    }

    private static String percent(double share) {
        return Double.isFinite(share) ? String.format(Locale.ROOT, "%.0f %%", 100.0 * share) : "–";
    }

    private static Optional<Pair> pair(JudgementMatrix matrix, String a, String b) {
        return matrix.pairs().stream()
                .filter(pair -> pair.a().equals(a) && pair.b().equals(b))
                .findFirst();
    }

    private void matrix(JudgementMatrix matrix) {
        html.in(
                "div",
                () -> html.in(
                        "table",
                        () -> {
                            html.in(
                                    "thead",
                                    () -> html.in("tr", () -> {
                                        html.element("th", "wins of ↓ against →", "scope", "col");
                                        matrix.models().forEach(model -> html.element("th", model, "scope", "col"));
                                    }));
                            html.in("tbody", () -> matrix.models()
                                    .forEach(row -> html.in("tr", () -> {
                                        html.element("th", row, "scope", "row");
                                        matrix.models().forEach(column -> cell(matrix, row, column));
                                    })));
                        },
                        "class",
                        "heat"),
                "class",
                "wide");
        html.element(
                "p",
                "Share of the row's wins in strict judgements; below it wins, ties and losses. Blue: the row wins more; orange:"
                        + " it loses more. A star: different from chance at 5 % by Wilcoxon's signed-rank test over prompts,"
                        + " corrected by Holm for all pairs.",
                NOTE);
        html.in("details", () -> {
            html.element("summary", "All pairs, with intervals and p-values");
            html.in(
                    "div",
                    () -> html.in("table", () -> {
                        html.in(
                                "thead",
                                () -> html.in("tr", () -> List.of(
                                                "",
                                                "wins",
                                                "ties",
                                                "losses",
                                                "win rate",
                                                "95 % interval",
                                                "difference",
                                                "p",
                                                "corrected p")
                                        .forEach(name -> html.element("th", name, "scope", "col"))));
                        html.in("tbody", () -> matrix.pairs().forEach(this::row));
                    }),
                    "class",
                    "wide");
        });
    }

    private void cell(JudgementMatrix matrix, String row, String column) {
        Optional<Pair> given = pair(matrix, row, column);
        Optional<Pair> turned = pair(matrix, column, row);
        if (given.isEmpty() && turned.isEmpty()) {
            html.element("td", "");
            return;
        }
        Pair pair = given.orElseGet(turned::get);
        double rate =
                given.isPresent() ? pair.rate().value() : 1.0 - pair.rate().value();
        int won = given.isPresent() ? pair.win() : pair.loss();
        int lost = given.isPresent() ? pair.loss() : pair.win();
        int shade = Double.isFinite(rate) ? (int) Math.round(10.0 * rate) : 5;
        html.in(
                "td",
                () -> html.element("b", percent(rate) + (pair.corrected() < 0.05 ? " *" : ""))
                        .empty("br")
                        .element("small", won + " / " + pair.tie() + " / " + lost),
                "class",
                "heat" + shade);
    }

    private void row(Pair pair) {
        html.in("tr", () -> {
            html.element("th", pair.a() + " against " + pair.b(), "scope", "row");
            html.element("td", "" + pair.win())
                    .element("td", "" + pair.tie())
                    .element("td", "" + pair.loss())
                    .element("td", percent(pair.rate().value()))
                    .element(
                            "td",
                            percent(pair.rate().low()) + " to "
                                    + percent(pair.rate().high()))
                    .element("td", Numerals.change(pair.difference().value()))
                    .element("td", Numerals.brief(pair.test()))
                    .element("td", Numerals.brief(pair.corrected()));
        });
    }

    private void scores(JudgementMatrix matrix) {
        html.in("div", () -> opinions(matrix), "class", "wide");
    }

    private void opinions(JudgementMatrix matrix) {
        html.in(
                "table",
                () -> {
                    html.in(
                            "thead",
                            () -> html.in("tr", () -> List.of("", "MOS", "95 % interval", "1 to 5", "wins")
                                    .forEach(name -> html.element("th", name, "scope", "col"))));
                    html.in("tbody", () -> matrix.scores()
                            .forEach((model, score) -> html.in("tr", () -> {
                                html.element("th", model, "scope", "row");
                                html.element("td", String.format(Locale.ROOT, "%.2f", score.value()));
                                html.element(
                                        "td", String.format(Locale.ROOT, "%.2f to %.2f", score.low(), score.high()));
                                html.in("td", () -> dot(model, score), "class", "line");
                                html.element("td", "" + matrix.wins().getOrDefault(model, 0));
                            })));
                },
                "class",
                "opinion");
    }

    private void dot(String model, Interval score) {
        html.in(
                "svg",
                () -> {
                    for (int point = 1; point <= 5; point++) {
                        html.empty("path", "class", "grid", "d", "M" + coordinate(across(point)) + " 2v16");
                    }
                    html.empty(
                            "path",
                            "class",
                            "reach",
                            "d",
                            "M" + coordinate(across(score.low())) + " " + MIDDLE + "H"
                                    + coordinate(across(score.high())));
                    html.empty(
                            "path", "class", "dot", "d", "M" + coordinate(across(score.value())) + " " + MIDDLE + "h0");
                },
                "viewBox",
                "0 0 " + WIDTH + " 20",
                "preserveAspectRatio",
                "none",
                "role",
                "img",
                "aria-label",
                model + ": " + String.format(Locale.ROOT, "%.2f", score.value()) + " of 1 to 5");
    }

    private static double across(double score) {
        return 8.0 + (WIDTH - 16.0) * (score - WORST) / (BEST - WORST);
    }

    /** The table of metrics. */
    static void metrics(
            Html html, Map<String, Map<String, Double>> values, Map<String, Map<String, Interval>> changes) {
        ContestPage self = new ContestPage(html);
        Set<String> names = new LinkedHashSet<>();
        values.values().forEach(each -> names.addAll(each.keySet()));
        html.in(
                "div",
                () -> html.in(
                        "table",
                        () -> {
                            html.in(
                                    "thead",
                                    () -> html.in("tr", () -> {
                                        html.element("th", "", "scope", "col");
                                        values.keySet().forEach(model -> html.element("th", model, "scope", "col"));
                                    }));
                            html.in(
                                    "tbody",
                                    () -> names.forEach(name -> html.in("tr", () -> {
                                        html.in("th", () -> html.element("code", name), "scope", "row");
                                        values.forEach((model, each) -> self.value(
                                                name,
                                                each.getOrDefault(name, Double.NaN),
                                                changes.getOrDefault(model, Map.of())
                                                        .get(name)));
                                    })));
                        },
                        "class",
                        "metrics"),
                "class",
                "wide");
        html.element(
                "p",
                "Means over the prompts; in small print the change to the first model with its 95 % interval, paired by prompt."
                        + " Green: better; orange: worse; the interval leaves out 0. KL is exact, in nats a sequence, along the"
                        + " model's own completions; of best-of-N the bound log N - (N - 1) / N.",
                NOTE);
    }

    private void value(String name, double value, Interval change) {
        Verdict verdict = change == null || !Double.isFinite(change.low())
                ? Verdict.UNKNOWN
                : Verdict.of(change, Differences.better(name));
        html.in(
                "td",
                () -> {
                    html.text(Numerals.of(value));
                    if (change != null && Double.isFinite(change.low()) && change.low() != change.high()) {
                        html.empty("br")
                                .element(
                                        "small",
                                        Numerals.change(change.value()) + " [" + Numerals.change(change.low()) + ", "
                                                + Numerals.change(change.high()) + "]");
                    }
                },
                "class",
                verdict.name().toLowerCase(Locale.ROOT));
    }
}
