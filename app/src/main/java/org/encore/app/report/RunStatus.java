package org.encore.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.encore.app.report.Html.Numerals;
import org.encore.run.MetricCatalogue;
import org.encore.run.RunDirectory;

/**
 * How far a run is, from its files alone: for those who look at it while it runs.
 *
 * @param step the last finished step; 0 before the first
 * @param steps the last step by the configuration; 0 if it is not known
 * @param ended whether it has written its summary
 * @param lines the status in some lines
 */
public record RunStatus(long step, long steps, boolean ended, List<String> lines) {
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final int COLUMNS = 40;
    private static final int RECENT = 10;
    private static final String HELD_OUT = "held_out/";

    public RunStatus {
        lines = List.copyOf(lines);
    }

    /** Reads the files of a run; one that writes at the moment is read up to its last whole line. */
    public static RunStatus of(RunDirectory run) throws IOException {
        Metrics metrics = Metrics.readIfThere(run.metrics());
        RunFacts facts = RunFacts.read(run);
        Map<String, Object> settings = facts.hyperparameters();
        long steps = number(settings.get("iterations"))
                .or(() -> number(settings.get("training.steps")))
                .orElse(0L);
        long step = metrics.curves().values().stream()
                .mapToLong(curve -> curve.step(curve.size() - 1))
                .max()
                .orElse(0L);
        boolean ended = Files.isRegularFile(run.path().resolve("summary.json"));
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s: step %d of %d%s",
                run.path(),
                step,
                steps,
                ended ? ", ended" : timeLeft(metrics, steps - step)));
        if (ended) {
            lines.add(facts.story());
        }
        List<String> told = new ArrayList<>(List.of(
                MetricCatalogue.SCORES,
                MetricCatalogue.KL_PER_CODE,
                "val/explained_variance",
                MetricCatalogue.TRAINING_LOSS,
                MetricCatalogue.HELD_OUT_LOSS));
        Optional<JsonNode> choice = choice(run);
        told.add(HELD_OUT + "selection");
        facts.rewarded().forEach(id -> told.add(HELD_OUT + id));
        told.add(HELD_OUT + "kl_per_code");
        told.stream()
                .distinct()
                .flatMap(name -> metrics.curve(name).stream())
                .filter(Curve::hasValues)
                .forEach(curve -> lines.add(line(curve)));
        choice.ifPresent(
                node -> lines.add("chosen so far: " + node.path("reason").asText()));
        return new RunStatus(step, steps, ended, lines);
    }

    private static Optional<Long> number(Object value) {
        return value instanceof Number number ? Optional.of(number.longValue()) : Optional.empty();
    }

    private static Optional<JsonNode> choice(RunDirectory run) throws IOException {
        if (!Files.isRegularFile(run.choice())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ObjectMapper().readTree(run.choice().toFile()));
        } catch (JsonProcessingException damaged) {
            return Optional.empty();
        }
    }

    /** By the last steps, and what the evaluations among them took. */
    private static String timeLeft(Metrics metrics, long steps) {
        double seconds = recent(metrics, "timing_s/step", 1.0) + recent(metrics, "timing_s/held_out", 0.0);
        return steps <= 0 || !(seconds > 0.0) ? "" : ", about " + Numerals.duration(seconds * steps) + " left";
    }

    /** Seconds a step of the last ones that a metric is of; {@code share} is 1 for one of every step. */
    private static double recent(Metrics metrics, String name, double share) {
        Optional<Curve> curve = metrics.curve(name);
        if (curve.isEmpty()) {
            return 0.0;
        }
        Curve found = curve.get();
        int from = Math.max(0, found.size() - RECENT);
        double sum = 0.0;
        for (int i = from; i < found.size(); i++) {
            sum += Double.isFinite(found.value(i)) ? found.value(i) : 0.0;
        }
        long span =
                share == 1.0 ? found.size() - from : Math.max(1, found.step(found.size() - 1) - found.step(from) + 1);
        return sum / span;
    }

    private static String line(Curve curve) {
        return String.format(
                Locale.ROOT,
                "%-28s %10s  %s  %s to %s",
                curve.name(),
                Numerals.of(curve.last()),
                spark(curve),
                Numerals.of(curve.lowest()),
                Numerals.of(curve.highest()));
    }

    /** The curve as a row of bars, each the mean of its part. */
    private static String spark(Curve curve) {
        int columns = Math.min(COLUMNS, curve.size());
        StringBuilder bars = new StringBuilder();
        double range = curve.highest() - curve.lowest();
        for (int column = 0; column < columns; column++) {
            int from = column * curve.size() / columns;
            int to = Math.max(from + 1, (column + 1) * curve.size() / columns);
            double sum = 0.0;
            int count = 0;
            for (int i = from; i < to; i++) {
                if (Double.isFinite(curve.value(i))) {
                    sum += curve.value(i);
                    count++;
                }
            }
            double place = range > 0.0 ? (sum / count - curve.lowest()) / range : 0.5;
            bars.append(count == 0 ? ' ' : BARS.charAt((int) Math.min(BARS.length() - 1.0, place * BARS.length())));
        }
        return bars.toString();
    }
}
