package org.encore.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.encore.app.report.Differences.Row;
import org.encore.app.report.Differences.Verdict;
import org.encore.run.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparedRunsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    private static Differences differences(String evaluation) throws IOException {
        return Differences.of(JSON.readTree(evaluation), List.of("taste"));
    }

    @Test
    void ownChangesAndJoinedIntervals() throws IOException {
        Differences first =
                differences("{\"before\": {\"taste\": 0.5, \"empty_beats\": 0.1}, \"after\": {\"taste\": 0.6,"
                        + " \"empty_beats\": 0.1}, \"difference\": {\"taste\": {\"low\": 0.07, \"high\": 0.14},"
                        + " \"empty_beats\": {\"low\": -0.01, \"high\": 0.01}}}");
        Differences other =
                differences("{\"before\": {\"taste\": 0.5, \"empty_beats\": 0.1}, \"after\": {\"taste\": 0.8,"
                        + " \"empty_beats\": 0.2}, \"difference\": {\"taste\": {\"low\": 0.27, \"high\": 0.33},"
                        + " \"empty_beats\": {\"low\": 0.08, \"high\": 0.12}}}");
        assertEquals(
                List.of(Verdict.BETTER, Verdict.UNCLEAR),
                first.rows().stream().map(Row::verdict).toList());
        assertEquals(
                List.of(Verdict.BETTER, Verdict.WORSE),
                other.rows().stream().map(Row::verdict).toList());
        Row taste = ComparedRuns.between(first, other).rows().get(0);
        assertEquals(0.2, taste.change().value(), 1e-12);
        // Down: 0.03 of the other run and 0.04 of the first; up: 0.03 and 0.03.
        assertEquals(0.2 - 0.05, taste.change().low(), 1e-12);
        assertEquals(0.2 + Math.hypot(0.03, 0.03), taste.change().high(), 1e-12);
        assertEquals("+0.200 [+0.150, +0.242]", taste.text());
    }

    /** Whether good or bad follows from the metric; adherence repeats the reward that computes it, and is no side effect. */
    @Test
    void verdictsFollowTheDirectionOfTheMetric() throws IOException {
        Differences differences = Differences.of(
                JSON.readTree(
                        "{\"before\": {\"rule-adherence\": 0, \"adherence\": 0, \"held_out_loss\": 0, \"repetition\": 0,"
                                + " \"in_key\": 0, \"seconds\": 0, \"diversity\": 0}, \"after\": {\"rule-adherence\": -1,"
                                + " \"adherence\": -1, \"held_out_loss\": 1, \"repetition\": 1, \"in_key\": -1, \"seconds\": 0,"
                                + " \"diversity\": 1}, \"difference\": {\"rule-adherence\": {\"low\": -2, \"high\": -0.5},"
                                + " \"adherence\": {\"low\": -2, \"high\": -0.5}, \"held_out_loss\": {\"low\": 0.5, \"high\": 2},"
                                + " \"repetition\": {\"low\": 0.5, \"high\": 2}, \"in_key\": {\"low\": -2, \"high\": -0.5},"
                                + " \"seconds\": {\"low\": 0, \"high\": 0}}}"),
                List.of("rule-adherence"));
        assertEquals(
                List.of(
                        Verdict.WORSE,
                        Verdict.WORSE,
                        Verdict.WORSE,
                        Verdict.CHANGED,
                        Verdict.WORSE,
                        Verdict.SAME,
                        Verdict.UNKNOWN),
                differences.rows().stream().map(Row::verdict).toList());
        assertEquals(
                List.of("held_out_loss", "in_key"),
                differences.unrewarded(Verdict.WORSE).stream().map(Row::metric).toList());
    }

    @Test
    void showsRunsSideBySide() throws IOException {
        FakeRun.write(directory.resolve("one run"), 40, 3);
        RunDirectory other = FakeRun.write(directory.resolve("b"), 30, 2);
        Files.writeString(other.config(), Files.readString(other.config()).replace("0.05", "0.5"));
        Path file = directory.resolve("pages/both.html");
        Files.createDirectories(file.getParent());
        ComparedRuns.write(List.of(new RunDirectory(directory.resolve("one run")), other), file);
        Page page = Page.read(file);
        assertEquals(List.of("one run · b"), page.texts("//h1"));
        assertEquals(2, page.count("//header/p[@class='story']"));
        assertEquals(List.of("kl.coefficient"), page.texts("//section[@id='settings']//th/code"));
        assertEquals(List.of("0.05", "0.5"), page.texts("//section[@id='settings']//td"));
        // Curves: each chart has one of each run.
        assertEquals(
                List.of("one run", "b"),
                page.texts("//figure[figcaption[starts-with(., 'Score of the mixture')]]//span[@class='key']"));
        // Prompts: two that both have, each with the base and both runs, and sound that is there.
        assertEquals(2, page.count("//section[@id='samples']/section"));
        assertEquals(
                List.of("one run, before", "one run, step 40", "b, step 30"),
                page.texts("(//section[@id='samples']/section)[1]//h5[@class='title']"));
        List<String> links = page.texts("//audio/@src");
        assertEquals(6, links.size());
        assertEquals("../one%20run/samples/step-0/000.wav", links.get(0));
        for (String link : links) {
            assertTrue(Files.isRegularFile(file.getParent().resolve(link.replace("%20", " "))), link);
        }
    }

    @Test
    void aRunHasNoTwin() throws IOException {
        RunDirectory run = RunDirectory.create(directory.resolve("a"));
        Path page = directory.resolve("x.html");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ComparedRuns.write(List.of(run, run), page))
                .getMessage()
                .startsWith("a run is named twice"));
    }
}
