package org.encore.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.encore.app.report.charts.ChartPlan;
import org.encore.app.report.charts.Curve;
import org.encore.app.report.charts.Metrics;
import org.encore.app.report.markup.Html;
import org.encore.app.report.samples.SampleGallery;
import org.encore.app.report.samples.SampleSets;
import org.encore.base.files.AtomicFiles;
import org.encore.run.MetricCatalogue;
import org.encore.run.RunDirectory;

/** Writes {@code report.html}: what a run achieved, what the policy played, and how its figures went. */
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
     * @param run as far as it has come; whatever it has not written yet leaves a note in place of its part
     * @throws IOException if a file cannot be read or the report not be written; content that makes no sense is told in
     *     the report instead
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
                    "curves", "Curves", missing("There are no figures in " + file.getFileName() + "."));
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
                    "While the reward rose, the loss-curve profile was outside of the reference's band at "
                            + steps.length + " of " + warnings.size() + " profiles, first at step " + steps[0]
                            + ": listen before you trust the reward.",
                    NOTE);
        }
    }

    private SectionedPage.Part origins() throws IOException {
        return ofJson("origins", "Where it came from", run.provenance(), tree -> new Facts(html).table(tree));
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
                () -> html.in("details", () -> html.element("summary", "Every value that held")
                        .element("pre", text)));
    }

    /** What is written about a tree. */
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
}
