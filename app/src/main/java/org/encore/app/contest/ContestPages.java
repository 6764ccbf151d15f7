package org.encore.app.contest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.encore.app.contest.Contest.Measure;
import org.encore.app.contest.Contest.Outcome;
import org.encore.app.report.ContestPage;
import org.encore.preferences.statistics.JudgementMatrix;
import org.encore.preferences.statistics.JudgementMatrix.Pair;
import org.encore.statistics.Interval;

/** What a contest shows: its page, and its table as text. */
public final class ContestPages {
    private static final String PAGE = "evaluation.html";

    private ContestPages() {}

    /** Writes the page of a contest into its directory. */
    public static Path write(Path out, ContestSettings settings, Outcome outcome) throws IOException {
        Path page = out.resolve(PAGE);
        Map<String, Path> folders = new LinkedHashMap<>();
        if (settings.players() > 0) {
            outcome.metrics().keySet().forEach(model -> folders.put(model, Contest.clips(out, model)));
        }
        ContestPage.write(
                page,
                "Contest of " + String.join(", ", outcome.metrics().keySet()),
                judges(settings),
                outcome.matrix(),
                values(outcome.metrics()),
                changes(outcome.metrics()),
                folders);
        return page;
    }

    /** Writes the page of votes alone. */
    public static Path write(Path out, String judges, JudgementMatrix matrix) throws IOException {
        Path page = out.resolve(PAGE);
        ContestPage.write(
                page, "Votes on " + String.join(", ", matrix.models()), judges, matrix, Map.of(), Map.of(), Map.of());
        return page;
    }

    static String judges(ContestSettings settings) {
        return String.format(
                Locale.ROOT,
                "%d %s prompts; each two models are rated from 1 to 5 on each by %d of %d simulated judges, who share no"
                        + " parameter with any reward.",
                settings.prompts(),
                settings.split().name().toLowerCase(Locale.ROOT),
                settings.judges().perPair(),
                settings.judges().population().raters());
    }

    static Map<String, Map<String, Double>> values(Map<String, Map<String, Measure>> metrics) {
        Map<String, Map<String, Double>> values = new LinkedHashMap<>();
        metrics.forEach((model, own) -> {
            Map<String, Double> each = new LinkedHashMap<>();
            own.forEach((metric, measure) -> each.put(metric, measure.value()));
            values.put(model, each);
        });
        return values;
    }

    static Map<String, Map<String, Interval>> changes(Map<String, Map<String, Measure>> metrics) {
        Map<String, Map<String, Interval>> changes = new LinkedHashMap<>();
        metrics.forEach((model, own) -> {
            Map<String, Interval> each = new LinkedHashMap<>();
            own.forEach((metric, measure) -> each.put(metric, measure.change()));
            changes.put(model, each);
        });
        return changes;
    }

    /** The metrics and the table as text. */
    public static String text(Outcome outcome) {
        StringBuilder text = new StringBuilder();
        Map<String, Measure> base = outcome.metrics().values().iterator().next();
        text.append(String.format(Locale.ROOT, "%-26s", ""));
        outcome.metrics().keySet().forEach(model -> text.append(String.format(Locale.ROOT, " %18s", model)));
        text.append(System.lineSeparator());
        for (String metric : base.keySet()) {
            if (!metric.startsWith("adherence/")) {
                text.append(String.format(Locale.ROOT, "%-26s", metric));
                outcome.metrics()
                        .values()
                        .forEach(own -> text.append(String.format(
                                Locale.ROOT,
                                " %18.4f",
                                own.containsKey(metric) ? own.get(metric).value() : Double.NaN)));
                text.append(System.lineSeparator());
            }
        }
        return text + text(outcome.matrix());
    }

    /** The table as text. */
    public static String text(JudgementMatrix matrix) {
        StringBuilder text = new StringBuilder();
        matrix.scores()
                .forEach((model, score) -> text.append(String.format(
                        Locale.ROOT,
                        "MOS %-22s %.2f [%.2f, %.2f], %d wins%n",
                        model,
                        score.value(),
                        score.low(),
                        score.high(),
                        matrix.wins().get(model))));
        for (Pair pair : matrix.pairs()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%s against %s: %d wins, %d ties, %d losses of %d; %.1f %% [%.1f, %.1f] of strict judgements; p = %.2g"
                            + " after Holm%n",
                    pair.a(),
                    pair.b(),
                    pair.win(),
                    pair.tie(),
                    pair.loss(),
                    pair.judgements(),
                    100.0 * pair.rate().value(),
                    100.0 * pair.rate().low(),
                    100.0 * pair.rate().high(),
                    pair.corrected()));
        }
        return text.toString().stripTrailing();
    }
}
