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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.encore.app.report.Html.Numerals;
import org.encore.base.files.AtomicFiles;
import org.encore.run.MetricCatalogue;
import org.encore.run.RunDirectory;

/** Writes {@code report.html}: results, samples and metrics of a run. */
public final class RunReport {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SUMMARY = "summary.json";
    private static final String[] NOTE = {"class", "note"};

    private final RunDirectory run;
    private final Optional<JsonNode> summary;
    private final Html html = new Html();

    private RunReport(RunDirectory run, Optional<JsonNode> summary) {
        this.run = run;
        this.summary = summary;
    }

    /**
     * Writes the report of a run into its directory, atomically.
     *
     * @param run the run, finished or not; a section without its file shows a note
     * @throws IOException if a file cannot be read or the report not be written; invalid content is reported in the page
     *     instead
     */
    public static void write(RunDirectory run) throws IOException {
        write(run, Optional.empty());
    }

    /**
     * Writes the report of a run that is about to end, and returns the sentence that it opens with.
     *
     * @param summary what {@code summary.json} will hold, which is written last, because it says that the run has ended
     */
    public static String writeLast(RunDirectory run, Map<String, ?> summary) throws IOException {
        JsonNode tree = JSON.valueToTree(summary);
        write(run, Optional.of(tree));
        return RunFacts.read(run, Optional.of(tree)).story();
    }

    private static void write(RunDirectory run, Optional<JsonNode> summary) throws IOException {
        byte[] page = new RunReport(run, summary).page().getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write(run.report(), page);
    }

    /** The values of the configuration by their paths: {@code kl.controller.coefficient}, {@code rewards.0.kind}. */
    public static Map<String, Object> hyperparameters(RunDirectory run) throws IOException {
        return RunFacts.read(run).hyperparameters();
    }

    private String page() throws IOException {
        RunFacts facts = RunFacts.read(run, summary);
        SectionedPage.Part results = results(facts);
        SectionedPage.Part samples = samples();
        SectionedPage.Part curves = curves();
        SectionedPage.Part origins = origins();
        SectionedPage.Part configuration = configuration();
        List<SectionedPage.Part> parts = new ArrayList<>(List.of(results, samples, curves, origins, configuration));
        ForensicsSection.part(run, html).ifPresent(part -> parts.add(2, part));
        return SectionedPage.of(html, facts.name(), () -> opening(facts), parts);
    }

    /** One sentence, the base model and the date. */
    private void opening(RunFacts facts) {
        html.element("p", facts.story(), "class", "story");
        List<String> origin = new ArrayList<>();
        facts.base().ifPresent(base -> origin.add("Base model " + base));
        facts.date().ifPresent(date -> origin.add("started " + date));
        if (!origin.isEmpty()) {
            html.element("p", String.join(", ", origin), "class", "note");
        }
    }

    private SectionedPage.Part results(RunFacts facts) throws IOException {
        Content content = tree -> new Facts(html).results(tree, facts.differences());
        return summary.isPresent()
                ? new SectionedPage.Part("results", "Results", () -> content.of(summary.get()))
                : ofJson("results", "Results", run.path().resolve(SUMMARY), content);
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
        Metrics metrics = Metrics.readIfThere(file);
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
        private static final String OVER_OPTIMISATION = "over_optimisation";
        private static final String SECONDS = "wall_s";

        /** Told elsewhere: by the plot, by warnings, or by the files' own places. */
        private static final Pattern ELSEWHERE = Pattern.compile(
                "run|checkpoint|alarms|chosen/.*|evaluation/(?:over_optimisation|(?:before|after|difference)/.*)");

        private static final Map<String, String> LABELS = Map.of(
                SECONDS,
                "duration",
                "evaluation/prompts",
                "held-out prompts",
                "evaluation/kl_per_token",
                "KL, nats a code",
                "evaluation/kl_per_sequence",
                "KL, nats a sequence");

        private final Html html;

        Facts(Html html) {
            this.html = html;
        }

        /** The results: values as tiles, warnings, and the evaluation before and after as a plot. */
        void results(JsonNode summary, Differences differences) {
            Map<String, JsonNode> tiles = leaves(summary);
            tiles.keySet().removeIf(key -> ELSEWHERE.matcher(key).matches());
            tiles.values().removeIf(Facts::isEmpty);
            if (!tiles.isEmpty()) {
                html.in("dl", () -> tiles.forEach(this::tile), "class", "tiles");
            }
            JsonNode reason = summary.path("chosen").path("reason");
            if (reason.isTextual()) {
                html.element("p", "Chosen: " + reason.asText() + ".", NOTE);
            }
            JsonNode warning = summary.path(EVALUATION).path(OVER_OPTIMISATION);
            if (warning.isTextual()) {
                html.element(
                        "p",
                        warning.asText() + " Listen to samples before you trust the reward.",
                        "class",
                        "note alarm");
            }
            if (!differences.rows().isEmpty()) {
                ForestPlot.write(html, differences, "Before", "After");
            }
        }

        private static boolean isEmpty(JsonNode value) {
            return value.isNull()
                    || value.isArray()
                    || (value.isTextual() && value.asText().isBlank());
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
            return LABELS.getOrDefault(key, words(key.replace(EVALUATION + "/", "")));
        }

        private static String shown(String key, JsonNode value) {
            if (!value.isNumber()) {
                return value.asText();
            }
            return key.equals(SECONDS) ? Numerals.duration(value.doubleValue()) : Numerals.of(value.doubleValue());
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
