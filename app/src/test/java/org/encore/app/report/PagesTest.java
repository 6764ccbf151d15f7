package org.encore.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.encore.app.report.StudyPage.Judged;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.listening.ListeningSettings;
import org.encore.preferences.statistics.JudgementMatrix;
import org.encore.run.RunDirectory;
import org.encore.statistics.Interval;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every page is valid HTML, and opens in a browser without an error and without asking the network for anything. */
class PagesTest {
    private static final String BROWSER = "/usr/bin/chromium";
    private static final int MOST_ERRORS = 50;

    /** Elements that a list, a table or a description list may hold. */
    private static final Map<String, Set<String>> CHILDREN = Map.of(
            "ul", Set.of("li"),
            "ol", Set.of("li"),
            "table", Set.of("thead", "tbody", "caption"),
            "tbody", Set.of("tr"),
            "thead", Set.of("tr"),
            "tr", Set.of("th", "td"),
            "dl", Set.of("div", "dt", "dd"));

    @TempDir
    private static Path directory;

    @BeforeAll
    static void write() throws IOException {
        RunDirectory one = FakeRun.write(directory.resolve("one"), 60, 4);
        RunDirectory two = FakeRun.write(directory.resolve("two"), 40, 4);
        RunReport.write(one);
        ComparedRuns.write(List.of(one, two), directory.resolve("compared.html"));
        RunReport.write(RunDirectory.create(directory.resolve("empty")));
        writeStudy(one, two);
    }

    /** A contest and a study of two models, of votes by number. */
    private static void writeStudy(RunDirectory one, RunDirectory two) throws IOException {
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            votes.add(new Vote(
                    "prompt " + i % 20,
                    new RatedClip(Path.of("a.mid"), "base", OptionalDouble.empty(), OptionalDouble.of(2.0 + i % 3)),
                    new RatedClip(Path.of("b.mid"), "r", OptionalDouble.empty(), OptionalDouble.of(3.0 + i % 2)),
                    Preference.TIE,
                    "judge " + i % 15,
                    Optional.empty()));
        }
        JudgementMatrix matrix = JudgementMatrix.of(votes, List.of("base"));
        Map<String, Map<String, Double>> values =
                Map.of("base", Map.of("adherence", 0.5), "r", Map.of("adherence", 0.7, "kl", 4.0));
        Map<String, Map<String, Interval>> changes = Map.of("r", Map.of("adherence", new Interval(0.2, 0.1, 0.3)));
        Map<String, Path> folders = Map.of("base", one.path(), "r", two.path());
        ContestPage.write(directory.resolve("contest.html"), "Contest", "Judges.", matrix, values, changes, folders);
        RunDirectory run = new RunDirectory(
                Files.createDirectories(directory.resolve("seed-1").resolve("r")));
        Files.writeString(
                run.metrics(),
                """
                {"step": 0, "held_out/adherence": 0.5, "held_out/selection": 0.5, "held_out/kl": 0.0}
                {"step": 5, "held_out/adherence": 0.7, "held_out/selection": 0.7, "held_out/kl": 4.0}
                {"step": 9, "held_out/adherence": 0.6, "held_out/selection": 0.6, "held_out/kl": 9.0}
                """);
        Files.writeString(run.config(), "rewards: [{kind: audio-quality, id: audio-quality, weight: 1.0}]\n");
        Files.createDirectories(run.choice().getParent());
        Files.writeString(run.choice(), "{\"step\": 5, \"metric\": \"adherence\", \"reason\": \"it is best\"}");
        Files.writeString(
                run.path().resolve("summary.json"),
                "{\"iterations\": 9, \"evaluation\": {\"over_optimisation\": \"Over-optimisation: <it>.\"}}");
        StudyPage.write(
                directory.resolve("study.html"),
                "Judges.",
                new Judged(matrix, Map.of(1L, matrix)),
                values,
                changes,
                Map.of("r", List.of(run)),
                List.of("adherence"),
                folders);
    }

    @Test
    void theStudyTellsWhoWinsWhatWasChosenAndWhatThePaperSays() throws IOException {
        String page = text("study.html");
        for (String told : List.of(
                "r beats base: 75 % of 40 strict judgements",
                "<b>75 % *</b><br/><small>30 / 20 / 10</small>",
                "<td>83 %</td>",
                "r, 1: step 5 of 9",
                "adherence against KL, held-out prompts",
                "r, seed 1, last step: Over-optimisation: &lt;it&gt;.")) {
            assertTrue(page.contains(told), told);
        }
    }

    private static String text(String page) throws IOException {
        Path file = directory.resolve(page);
        if (Files.exists(file)) {
            return Files.readString(file);
        }
        try (InputStream in = ListeningSettings.class.getResourceAsStream("page/" + page)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "one/report.html",
                "empty/report.html",
                "compared.html",
                "contest.html",
                "study.html",
                "index.html",
                "organiser.html"
            })
    void isValid(String page) throws IOException {
        Parser parser = Parser.htmlParser().setTrackErrors(MOST_ERRORS);
        Document document = parser.parseInput(text(page), "file:///");
        assertEquals(List.of(), problems(parser, document));
    }

    /** What the standard forbids and a browser would repair: the check itself must see it. */
    @Test
    void seesWhatIsNotValid() {
        Parser parser = Parser.htmlParser().setTrackErrors(MOST_ERRORS);
        Document broken = parser.parseInput(
                "<!doctype html><html><head></head><body><p id=a>x<div id=a></p><ul><p>y</p></ul><img src=x>"
                        + "<a href='#nowhere'>z</a><label>q</label><input></body></html>",
                "file:///");
        List<String> problems = problems(parser, broken);
        for (String expected : List.of(
                "two elements have the id a",
                "<p> in <ul>",
                "<img> without alt",
                "#nowhere leads nowhere",
                "no language",
                "no title",
                "<input> without a label")) {
            assertTrue(problems.contains(expected), expected + " is not in " + problems);
        }
        assertTrue(problems.size() > 7, () -> "and the parser's own: " + problems);
    }

    private static List<String> problems(Parser parser, Document document) {
        List<String> problems = new ArrayList<>();
        parser.getErrors().forEach(error -> problems.add(error.toString()));
        Set<String> ids = new HashSet<>();
        for (Element each : document.select("[id]")) {
            if (!ids.add(each.id())) {
                problems.add("two elements have the id " + each.id());
            }
        }
        CHILDREN.forEach((parent, allowed) -> document.select(parent + " > *").stream()
                .filter(child -> !allowed.contains(child.tagName()))
                .forEach(child -> problems.add("<" + child.tagName() + "> in <" + parent + ">")));
        document.select("img:not([alt])").forEach(each -> problems.add("<img> without alt"));
        document.select("a[href^=#]").stream()
                .filter(link -> !ids.contains(link.attr("href").substring(1)))
                .forEach(link -> problems.add(link.attr("href") + " leads nowhere"));
        document.select("svg[role=img]:not([aria-label])").forEach(each -> problems.add("a drawing without a name"));
        document.select("input").stream()
                .filter(input -> input.closest("label") == null
                        && document.select("label").stream()
                                .noneMatch(label -> label.attr("for").equals(input.id()) && input.hasAttr("id")))
                .forEach(each -> problems.add("<input> without a label"));
        document.select("h1, h2, h3, h4, h5, button").stream()
                .filter(each -> each.text().isBlank() && !each.hasAttr("aria-label"))
                .forEach(each -> problems.add("<" + each.tagName() + "> is empty"));
        if (document.select("html[lang]").isEmpty()) {
            problems.add("no language");
        }
        if (document.title().isBlank()) {
            problems.add("no title");
        }
        return problems;
    }

    /** The page itself notes errors and what it asked for, so that nothing of the browser's own gets mixed in. */
    @Tag("browser")
    @ParameterizedTest
    @ValueSource(strings = {"one/report.html", "empty/report.html", "compared.html", "contest.html", "study.html"})
    void opensWithoutErrorsAndAsksForNothingElsewhere(String page) throws IOException, InterruptedException {
        // The first title is that of the page; those of curves follow.
        String watched = text(page)
                .replaceFirst(
                        "<title>",
                        "<script>const seen = []; addEventListener('error', (e) => seen.push(String(e.message)), true);"
                                + "</script><title>")
                .replace(
                        "</body>",
                        "<script>addEventListener('load', () => { for (const e of performance.getEntriesByType('resource'))"
                                + " if (!e.name.startsWith('file:')) seen.push(e.name);"
                                + " seen.push('charts ' + document.querySelectorAll('.chart svg').length);"
                                + " const chart = document.querySelector('.chart:not(.frontier) svg');"
                                + " if (chart) { const box = chart.getBoundingClientRect();"
                                + " chart.dispatchEvent(new PointerEvent('pointermove', {clientX: box.left + box.width / 2}));"
                                + " seen.push(chart.closest('figure').querySelector('.at').textContent); }"
                                + " seen.push(document.documentElement.scrollWidth <= innerWidth ? 'fits' : 'too wide');"
                                + " document.title = 'SEEN ' + seen.join('|'); });</script></body>");
        Path copy = Files.writeString(directory.resolve(page).resolveSibling("watched.html"), watched);
        Process browser = new ProcessBuilder(
                        BROWSER,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--window-size=390,844",
                        "--user-data-dir=" + directory.resolve("profile"),
                        "--dump-dom",
                        copy.toUri().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String dumped = new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(browser.waitFor(60, TimeUnit.SECONDS));
        String title = Jsoup.parse(dumped).title();
        // Some charts, the step under the pointer, nothing wider than a phone; no error and no address before that.
        String expected = page.startsWith("empty") || page.startsWith("contest")
                ? "SEEN charts 0\\|fits"
                : page.startsWith("study")
                        ? "SEEN charts 1\\|KL [\\d.]+\\|fits"
                        : "SEEN charts [1-9]\\d\\|step \\d+\\|fits";
        assertTrue(title.matches(expected), title);
    }
}
