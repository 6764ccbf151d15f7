package org.encore.app.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.encore.app.report.Differences.Row;
import org.encore.app.report.Differences.Verdict;
import org.encore.base.files.AtomicFiles;
import org.encore.run.RunDirectory;
import org.encore.statistics.Interval;

/** Writes one page about several runs: what they came to, what differs, their curves in one chart, the same prompts. */
public final class ComparedRuns {
    private static final String[] NOTE = {"class", "note"};

    private final Html html = new Html();
    private final Map<String, RunDirectory> runs;
    private final Map<String, RunFacts> facts = new LinkedHashMap<>();

    private ComparedRuns(Map<String, RunDirectory> runs) throws IOException {
        this.runs = runs;
        for (Map.Entry<String, RunDirectory> run : runs.entrySet()) {
            facts.put(run.getKey(), RunFacts.read(run.getValue()));
        }
    }

    /**
     * Writes the page, atomically.
     *
     * @param runs at least two
     * @param page the file; its links to sound are relative to its directory
     */
    public static void write(List<RunDirectory> runs, Path page) throws IOException {
        ComparedRuns compared = new ComparedRuns(named(runs));
        Path directory = page.toAbsolutePath().getParent();
        AtomicFiles.write(page, compared.page(directory).getBytes(StandardCharsets.UTF_8));
    }

    /** Runs by the names of their directories; by their whole paths if two have the same name. */
    private static Map<String, RunDirectory> named(List<RunDirectory> runs) {
        Map<String, RunDirectory> named = new LinkedHashMap<>();
        runs.forEach(run -> named.put(name(run.path()), run));
        if (named.size() < runs.size()) {
            named.clear();
            runs.forEach(run -> named.put(run.path().toString(), run));
        }
        if (named.size() < runs.size()) {
            throw new IllegalArgumentException(
                    "a run is named twice, but each is compared with the others; name it once");
        }
        return named;
    }

    private static String name(Path run) {
        return run.toAbsolutePath().normalize().getFileName().toString();
    }

    private String page(Path directory) throws IOException {
        Map<String, Metrics> metrics = new LinkedHashMap<>();
        Map<String, SampleSets> samples = new LinkedHashMap<>();
        for (Map.Entry<String, RunDirectory> run : runs.entrySet()) {
            metrics.put(run.getKey(), Metrics.readIfThere(run.getValue().metrics()));
            samples.put(run.getKey(), SampleSets.read(run.getValue(), directory));
        }
        List<SectionedPage.Part> parts = List.of(
                new SectionedPage.Part("results", "Results", this::results),
                new SectionedPage.Part("settings", "Settings that differ", this::settings),
                new SectionedPage.Part(
                        "curves", "Curves", () -> ChartPlan.of(metrics).write(html)),
                new SectionedPage.Part("samples", "The same prompts", () -> {
                    if (!SampleGallery.compare(html, samples)) {
                        html.element("p", "There is no prompt that all runs have samples for.", "class", "missing");
                    }
                }));
        return SectionedPage.of(html, String.join(" · ", runs.keySet()), this::opening, parts);
    }

    private void opening() {
        facts.forEach(
                (name, run) -> html.in("p", () -> html.element("b", name + ": ").text(run.story()), "class", "story"));
        String bases = facts.values().stream()
                .flatMap(run -> run.base().stream())
                .distinct()
                .collect(Collectors.joining(", "));
        if (!bases.isEmpty()) {
            html.element("p", "Base model " + bases, NOTE);
        }
    }

    private void results() {
        List<String> names = List.copyOf(runs.keySet());
        String first = names.get(0);
        Differences ofFirst = facts.get(first).differences();
        boolean any = false;
        for (String other : names.subList(1, names.size())) {
            html.element("h3", other + " against " + first);
            Differences between = between(ofFirst, facts.get(other).differences());
            if (between.rows().isEmpty()) {
                html.element("p", "Both runs have no evaluation in common.", "class", "missing");
                continue;
            }
            if (!startedAlike(ofFirst, facts.get(other).differences())) {
                html.element(
                        "p",
                        "Before training the two were not measured alike, so they differ in base, prompts or seed: the"
                                + " difference of what they came to is not the difference of the trainings.",
                        "class",
                        "note alarm");
            }
            ForestPlot.write(html, between, first, other);
            any = true;
        }
        if (!any) {
            return;
        }
        html.element(
                "p",
                "The values are those after training. An interval joins those of both runs' changes as if they were"
                        + " independent (Zou and Donner 2008); as both begin with the same model and prompts, it is rather too"
                        + " wide. It covers prompts, not seeds: another seed of the same settings differs, too.",
                NOTE);
    }

    private static boolean startedAlike(Differences first, Differences other) {
        Map<String, Double> before = new LinkedHashMap<>();
        first.rows().forEach(row -> before.put(row.metric(), row.before()));
        return other.rows().stream()
                .filter(row -> before.containsKey(row.metric()))
                .allMatch(row -> before.get(row.metric()).equals(row.before()));
    }

    /** What the second run came to minus what the first came to, of the metrics that both have. */
    static Differences between(Differences first, Differences other) {
        List<Row> rows = new ArrayList<>();
        for (Row a : first.rows()) {
            other.rows().stream()
                    .filter(row -> row.metric().equals(a.metric()))
                    .findFirst()
                    .ifPresent(b -> {
                        double value = b.after() - a.after();
                        // The squares of what each end adds: Zou and Donner 2008, equation 3.
                        double down = Math.hypot(
                                b.change().value() - b.change().low(),
                                a.change().high() - a.change().value());
                        double up = Math.hypot(
                                b.change().high() - b.change().value(),
                                a.change().value() - a.change().low());
                        Interval interval = new Interval(value, value - down, value + up);
                        Verdict verdict = Verdict.of(interval, Differences.better(a.metric()));
                        rows.add(new Row(a.metric(), a.kind(), a.after(), b.after(), interval, verdict));
                    });
        }
        return new Differences(rows);
    }

    private void settings() {
        Map<String, Map<String, Object>> values = new LinkedHashMap<>();
        Set<String> keys = new LinkedHashSet<>();
        facts.forEach((name, run) -> values.put(name, run.hyperparameters()));
        values.values().forEach(each -> keys.addAll(each.keySet()));
        List<String> different = keys.stream()
                .filter(key -> values.values().stream()
                                .map(each -> String.valueOf(each.get(key)))
                                .distinct()
                                .count()
                        > 1)
                .toList();
        if (different.isEmpty()) {
            html.element("p", "All settings are the same.", NOTE);
            return;
        }
        html.in(
                "div",
                () -> html.in("table", () -> {
                    html.in("tr", () -> {
                        html.element("th", "Setting", "scope", "col");
                        values.keySet().forEach(name -> html.element("th", name, "scope", "col"));
                    });
                    different.forEach(key -> html.in("tr", () -> {
                        html.in("th", () -> html.element("code", key), "scope", "row");
                        values.values().forEach(each -> html.element("td", shown(each.get(key))));
                    }));
                }),
                "class",
                "wide");
    }

    private static String shown(Object value) {
        return value == null ? "–" : value instanceof Double number ? Html.Numerals.of(number) : value.toString();
    }
}
