package org.encore.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.encore.app.report.Html.Numerals;
import org.encore.app.report.SampleGallery.SampleSets;
import org.encore.base.files.AtomicFiles;
import org.encore.run.MetricCatalogue;
import org.encore.run.RunDirectory;

/** Writes {@code report.html}: results, samples and metrics of a run. */
public final class RunReport {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SUMMARY = "summary.json";
    private static final String[] NOTE = {"class", "note"};

    private final RunDirectory run;
    private final Html html = new Html();

    private RunReport(RunDirectory run) {
        this.run = run;
    }

    /**
     * Writes the report of a run into its directory, atomically.
     *
     * @param run the run, finished or not; a section without its file shows a note
     * @throws IOException if a file cannot be read or the report not be written; invalid content is reported in the page
     *     instead
     */
    public static void write(RunDirectory run) throws IOException {
        byte[] page = new RunReport(run).page().getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write(run.report(), page);
    }

    private String page() throws IOException {
        String name = run.path().toAbsolutePath().normalize().getFileName().toString();
        SectionedPage.Part results = results();
        SectionedPage.Part samples = samples();
        SectionedPage.Part curves = curves();
        SectionedPage.Part origins = origins();
        SectionedPage.Part configuration = configuration();
        List<SectionedPage.Part> parts = new ArrayList<>(List.of(results, samples, curves, origins, configuration));
        ForensicsSection.part(run, html).ifPresent(part -> parts.add(1, part));
        return SectionedPage.of(html, name, parts);
    }

    private SectionedPage.Part results() throws IOException {
        return ofJson("results", "Results", run.path().resolve(SUMMARY), tree -> new Facts(html).results(tree));
    }

    private SectionedPage.Part samples() throws IOException {
        SampleSets sets = SampleSets.read(run);
        return new SectionedPage.Part(
                "samples",
                "Samples",
                sets.sets().isEmpty()
                        ? missing("There are no samples in this run.")
                        : () -> SampleGallery.write(html, sets));
    }

    private SectionedPage.Part curves() throws IOException {
        Path file = run.metrics();
        Metrics metrics = Files.isRegularFile(file) ? Metrics.read(file) : Metrics.none();
        if (metrics.curves().isEmpty()) {
            return new SectionedPage.Part(
                    "curves", "Curves", missing("There are no metrics in " + file.getFileName() + "."));
        }
        return new SectionedPage.Part("curves", "Curves", () -> {
            metrics.curve(MetricCatalogue.PROFILE_WARNING).ifPresent(this::profileWarning);
            ChartPlan.of(metrics).write(html);
            html.element(
                    "p",
                    "Pale: as measured. Strong: the mean of a twentieth of the run around each step. The numbers are"
                            + " the last values, or those of the step under the pointer.",
                    NOTE);
            if (metrics.unreadableLines() > 0) {
                html.element(
                        "p", metrics.unreadableLines() + " lines of " + file.getFileName() + " cannot be read.", NOTE);
            }
        });
    }

    private void profileWarning(Curve warnings) {
        long[] steps = IntStream.range(0, warnings.size())
                .filter(point -> warnings.value(point) > 0.0)
                .mapToLong(warnings::step)
                .toArray();
        if (steps.length > 0) {
            html.element(
                    "p",
                    "While the reward rose, the loss-curve profile differed from that of the reference by more than chance at "
                            + steps.length + " of " + warnings.size() + " profiles, first at step " + steps[0]
                            + ": listen to samples before you trust the reward.",
                    NOTE);
        }
    }

    private SectionedPage.Part origins() throws IOException {
        return ofJson("origins", "Provenance", run.provenance(), tree -> new Facts(html).table(tree));
    }

    private SectionedPage.Part configuration() throws IOException {
        Path file = run.config();
        if (!Files.isRegularFile(file)) {
            return new SectionedPage.Part("configuration", "Configuration", missing(absent(file)));
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        return new SectionedPage.Part(
                "configuration",
                "Configuration",
                () -> html.in(
                        "details", () -> html.element("summary", "All values").element("pre", text)));
    }

    /** Writes a section from a JSON tree. */
    private interface Content {
        void of(JsonNode tree);
    }

    private SectionedPage.Part ofJson(String id, String title, Path file, Content content) throws IOException {
        if (!Files.isRegularFile(file)) {
            return new SectionedPage.Part(id, title, missing(absent(file)));
        }
        try {
            JsonNode tree = JSON.readTree(Files.readAllBytes(file));
            if (tree.isObject()) {
                return new SectionedPage.Part(id, title, () -> content.of(tree));
            }
        } catch (JsonProcessingException e) {
            return new SectionedPage.Part(id, title, missing(file.getFileName() + " is not valid JSON."));
        }
        return new SectionedPage.Part(id, title, missing(file.getFileName() + " holds no JSON object."));
    }

    private static String absent(Path file) {
        return "There is no " + file.getFileName() + " in this run.";
    }

    private Runnable missing(String text) {
        return () -> html.element("p", text, "class", "missing");
    }

    /** The sections of single values: results and provenance. */
    static final class Facts {
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

        /** The results: values as tiles, and the evaluation before and after as a table. */
        void results(JsonNode summary) {
            Map<String, JsonNode> tiles = leaves(summary);
            tiles.keySet()
                    .removeIf(key -> key.equals(EVALUATION + "/" + OVER_OPTIMISATION)
                            || key.startsWith(EVALUATION + "/" + BEFORE + "/")
                            || key.startsWith(EVALUATION + "/" + AFTER + "/")
                            || key.startsWith(EVALUATION + "/" + DIFFERENCE + "/"));
            tiles.values().removeIf(value -> value.isArray() && value.isEmpty());
            html.in("dl", () -> tiles.forEach(this::tile), "class", "tiles");
            JsonNode warning = summary.path(EVALUATION).path(OVER_OPTIMISATION);
            if (warning.isTextual()) {
                html.element(
                        "p", warning.asText() + " Listen to samples before you trust the reward.", "class", "note");
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
                            .forEach(
                                    (name, value) -> html.in("tr", () -> html.element("th", words(name), "scope", "row")
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

        /** The leaves of a tree, by their paths joined with slashes. */
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
}
