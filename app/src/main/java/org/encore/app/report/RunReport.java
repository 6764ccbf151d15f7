package org.encore.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.encore.app.report.charts.ChartPlan;
import org.encore.app.report.charts.Metrics;
import org.encore.app.report.markup.Html;
import org.encore.app.report.samples.SampleGallery;
import org.encore.app.report.samples.SampleSets;
import org.encore.music.files.AtomicFiles;
import org.encore.trainer.runs.RunDirectory;

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
        Part results = results();
        Part samples = samples();
        Part curves = curves();
        Part origins = origins();
        Part configuration = configuration();
        List<Part> parts = List.of(results, samples, curves, origins, configuration);
        String style = resource("report.css");
        String script = resource("report.js");
        html.verbatim("<!DOCTYPE html>\n");
        html.in(
                "html",
                () -> html.in("head", () -> head(name, style)).in("body", () -> body(name, parts, script)),
                "lang",
                "en",
                "xmlns",
                "http://www.w3.org/1999/xhtml");
        return html.line().toString();
    }

    /** A section of the page. */
    private record Part(String id, String title, Runnable content) {}

    private Part results() throws IOException {
        return ofJson("results", "Results", run.path().resolve(SUMMARY), tree -> new Facts(html).results(tree));
    }

    private Part samples() throws IOException {
        SampleSets sets = SampleSets.read(run);
        return new Part(
                "samples",
                "Samples",
                sets.sets().isEmpty()
                        ? missing("There are no samples in this run.")
                        : () -> SampleGallery.write(html, sets));
    }

    private Part curves() throws IOException {
        Path file = run.metrics();
        Metrics metrics = Files.isRegularFile(file) ? Metrics.read(file) : Metrics.none();
        if (metrics.curves().isEmpty()) {
            return new Part("curves", "Curves", missing("There are no figures in " + file.getFileName() + "."));
        }
        return new Part("curves", "Curves", () -> {
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

    private Part origins() throws IOException {
        return ofJson("origins", "Where it came from", run.provenance(), tree -> new Facts(html).table(tree));
    }

    private Part configuration() throws IOException {
        Path file = run.config();
        if (!Files.isRegularFile(file)) {
            return new Part("configuration", "Configuration", missing(absent(file)));
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        return new Part(
                "configuration",
                "Configuration",
                () -> html.in("details", () -> html.element("summary", "Every value that held")
                        .element("pre", text)));
    }

    /** What is written about a tree. */
    private interface Content {
        void of(JsonNode tree);
    }

    private Part ofJson(String id, String title, Path file, Content content) throws IOException {
        if (!Files.isRegularFile(file)) {
            return new Part(id, title, missing(absent(file)));
        }
        try {
            JsonNode tree = JSON.readTree(Files.readAllBytes(file));
            if (tree.isObject()) {
                return new Part(id, title, () -> content.of(tree));
            }
        } catch (JsonProcessingException e) {
            return new Part(id, title, missing(file.getFileName() + " is not valid JSON."));
        }
        return new Part(id, title, missing(file.getFileName() + " holds no JSON object."));
    }

    private static String absent(Path file) {
        return "There is no " + file.getFileName() + " in this run.";
    }

    private Runnable missing(String text) {
        return () -> html.element("p", text, "class", "missing");
    }

    private void head(String name, String style) {
        html.empty("meta", "charset", "utf-8").line();
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        html.element("title", name + " – Encore").line();
        html.in("style", () -> html.verbatim("/*<![CDATA[*/\n" + style + "/*]]>*/"))
                .line();
    }

    private void body(String name, List<Part> parts, String script) {
        html.in("header", () -> {
            html.element("h1", name);
            html.in(
                    "nav",
                    () -> parts.forEach(part -> html.element("a", part.title(), "href", "#" + part.id())
                            .text(" ")));
        });
        html.in("main", () -> parts.forEach(this::section));
        html.in("script", () -> html.verbatim("/*<![CDATA[*/\n" + script + "/*]]>*/"));
    }

    private void section(Part part) {
        html.line()
                .in(
                        "section",
                        () -> {
                            html.element("h2", part.title());
                            part.content().run();
                        },
                        "id",
                        part.id());
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = RunReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is not beside " + RunReport.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
