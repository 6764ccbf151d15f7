package org.encore.app.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.encore.run.MetricsLog;
import org.encore.run.RunDirectory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {
    private static final int STEPS = 200;
    private static final int SAMPLES = 8;

    @TempDir
    private static Path shared;

    private static RunDirectory wholeRun;

    @TempDir
    private Path directory;

    @BeforeAll
    static void writeWholeRun() throws IOException {
        wholeRun = FakeRun.write(shared.resolve("a run"), STEPS, SAMPLES);
        RunReport.write(wholeRun);
    }

    private static Page wholePage() throws IOException {
        return Page.read(wholeRun.report());
    }

    @Test
    void hasEveryPart() throws IOException {
        Page page = wholePage();
        assertEquals(
                List.of("results", "samples", "curves", "origins", "configuration"), page.texts("//main/section/@id"));
        assertEquals(List.of("a run"), page.texts("//h1"));
        assertEquals(0, page.count("//*[@class='missing']"));
        assertTrue(page.texts("//pre").get(0).startsWith("seed: 7\n"));
        assertEquals(List.of("5eed"), page.texts("//section[@id='origins']//tr[th='data sha256, corpus']/td"));
    }

    @Test
    void standsAlone() throws IOException {
        Page page = wholePage();
        assertEquals(1, page.count("//script"));
        assertEquals(0, page.count("//link | //img | //iframe | //script/@src | //style[contains(., 'url(')]"));
        for (String link : page.texts("//@src")) {
            assertTrue(Files.isRegularFile(wholeRun.path().resolve(link)), link);
        }
        assertEquals(3 * SAMPLES, page.count("//audio[@src]"));
        assertTrue(page.texts("//@href").stream().allMatch(link -> link.startsWith("#")));
    }

    @Test
    void escapesWhatOthersWrote() throws IOException {
        Page page = wholePage();
        // A metric, two explanations and a prompt: all are found again as texts, none has become an element.
        assertTrue(page.texts("//table[@class='forest']//th").contains(FakeRun.HOSTILE));
        assertTrue(page.texts("//h4").stream().anyMatch(text -> text.contains(FakeRun.HOSTILE)));
        assertTrue(page.texts("//ul[@class='tree']/li").stream().anyMatch(text -> text.contains(FakeRun.HOSTILE)));
        assertTrue(page.texts("//pre").get(0).contains(FakeRun.HOSTILE));
        assertEquals(List.of(), page.texts("//script[contains(., 'alert')]"));
    }

    @Test
    void tellsWhatChanged() throws IOException {
        Page page = wholePage();
        String cells = "//table[@class='forest']//tr[th='%s']/td";
        assertEquals(
                List.of("0.7", "0.9", "+0.200", "+0.150 to +0.250", "", "▲ better"),
                page.texts(String.format(Locale.ROOT, cells, "rule-adherence")));
        assertEquals(
                List.of("2", "2.25", "+0.250", "", "", "· no interval"),
                page.texts(String.format(Locale.ROOT, cells, "held_out_loss")));
        assertEquals(
                List.of("1.5", "–", "–", "", "", "· no interval"),
                page.texts(String.format(Locale.ROOT, cells, "only before")));
        // The longest interval of a group ends at 96 % of half of the 200 units.
        String lines = "//tr[th='rule-adherence']//*[local-name()='path']/@d";
        assertEquals(List.of("M100 0V20", "M157.6 10H196", "M176.8 10h0.01"), page.texts(lines));
        assertEquals(List.of("200"), page.texts("//dl/div[dt='steps']/dd"));
        assertEquals(List.of("1 h 2 min"), page.texts("//dl/div[dt='duration']/dd"));
        assertEquals(List.of("9.123"), page.texts("//dl/div[dt='KL, nats a sequence']/dd"));
    }

    @Test
    void opensWithWhatTheRunWas() throws IOException {
        assertEquals(
                List.of(
                        "Rewarded for rule-adherence, the model's score rose from 0.7 to 0.9 (+0.200 [+0.150, +0.250]) on 64"
                                + " held-out prompts, at a KL of 0.0451 nats a code from its base; nothing measured got clearly"
                                + " worse."),
                wholePage().texts("//header/p[@class='story']"));
        assertEquals(
                List.of("Base model checkpoints/<b>base</b>, started 2 January 2026, 03:04 UTC"),
                wholePage().texts("//header/p[@class='note']"));
    }

    @Test
    void putsEveryMetricIntoSomeChart() throws IOException {
        Page page = wholePage();
        Metrics metrics = Metrics.read(wholeRun.metrics());
        TreeSet<String> shown = new TreeSet<>(page.texts("//li[@data-points]/span[@class='key']"));
        // What never changes is told, not drawn.
        List<String> still = page.texts("//ul[@class='still']/li/span[@class='key']");
        assertTrue(still.contains("kl/coef"), still::toString);
        assertEquals(
                List.of("0.02"),
                page.texts("//ul[@class='still']/li[span='kl/coef']/text()").stream()
                        .map(String::strip)
                        .toList());
        assertTrue(still.stream().noneMatch(shown::contains), still::toString);
        shown.addAll(still);
        assertEquals(new TreeSet<>(metrics.curves().keySet()), shown);
        assertEquals(32, shown.size());
        // A reward that rises is alone in its chart: beside the KL penalty it would look like a failure.
        assertEquals(
                List.of("objective/scores"),
                page.texts("//figure[figcaption[starts-with(., 'Score of the mixture')]]//span[@class='key']"));
    }

    @Test
    void pairsTheSamplesOfAPrompt() throws IOException {
        Page page = wholePage();
        assertEquals(SAMPLES, page.count("//*[@class='prompt']"));
        assertEquals(2 * SAMPLES, page.count("//*[@class='prompt']//article"));
        // The score rises by 0.0025 a step.
        assertEquals(List.of("+0.5"), page.texts("(//*[@class='prompt'])[1]//*[@class='change']"));
        assertEquals(
                List.of("samples/step-0/000.wav", "samples/step-200/000.wav"),
                page.texts("(//*[@class='prompt'])[1]//audio/@src"));
        assertEquals(SAMPLES, page.count("//*[@class='gallery']/article"));
        assertEquals(3 * SAMPLES, page.count("//*[@class='roll']"));
    }

    @Test
    void staysSmallAndTheSame() throws IOException {
        byte[] once = Files.readAllBytes(wholeRun.report());
        RunReport.write(wholeRun);
        assertArrayEquals(once, Files.readAllBytes(wholeRun.report()));
        assertTrue(once.length < 2_000_000, once.length + " bytes");
    }

    /** The last file of a run is its summary: the report has it before, and the same page comes of both. */
    @Test
    void theReportComesBeforeTheSummary() throws IOException {
        RunDirectory run = FakeRun.write(directory.resolve("a run"), STEPS, SAMPLES);
        Path file = run.path().resolve("summary.json");
        byte[] summary = Files.readAllBytes(file);
        Files.delete(file);
        String story = RunReport.writeLast(
                run, new ObjectMapper().readValue(summary, new TypeReference<Map<String, Object>>() {}));
        assertFalse(Files.exists(file));
        byte[] before = Files.readAllBytes(run.report());
        Files.write(file, summary);
        RunReport.write(run);
        assertArrayEquals(Files.readAllBytes(run.report()), before);
        assertEquals(Page.read(run.report()).texts("//p[@class='story']"), List.of(story));
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        RunDirectory run = RunDirectory.create(directory.resolve("empty"));
        RunReport.write(run);
        assertEquals(
                List.of(
                        "There is no summary.json in this run.",
                        "There are no samples in this run.",
                        "There are no metrics in metrics.jsonl.",
                        "There is no provenance.json in this run.",
                        "There is no config.yaml in this run."),
                Page.read(run.report()).texts("//p[@class='missing']"));
    }

    @Test
    void warnsOfOverOptimisation() throws IOException {
        RunDirectory run = RunDirectory.create(directory.resolve("pleasing"));
        Files.writeString(
                run.path().resolve("summary.json"),
                "{\"steps\": 3, \"alarms\": [], \"evaluation\": {\"prompts\": 8, \"over_optimisation\": \"Over-optimisation: a & b.\"}}");
        RunReport.write(run);
        Page page = Page.read(run.report());
        assertEquals(
                List.of("Over-optimisation: a & b. Listen to samples before you trust the reward."),
                page.texts("//section[@id='results']//p[@class='note alarm']"));
        assertEquals(List.of("steps", "held-out prompts"), page.texts("//section[@id='results']//dl//dt"));
    }

    @Test
    void livesWithBrokenFiles() throws IOException {
        RunDirectory run = RunDirectory.create(directory.resolve("broken"));
        Files.writeString(run.path().resolve("summary.json"), "{\"steps\": ");
        Files.writeString(run.provenance(), "[1]");
        Files.write(run.config(), new byte[] {'a', 0, 1, (byte) 0xFF, '\n'});
        Files.writeString(run.metrics(), "{\"step\":1,\"lr\":0.5}\n{\"step\":2,\"lr\":null}\nnoise\n{\"step\":3,\"l");
        Path samples = Files.createDirectories(run.samples(3));
        Files.writeString(samples.resolve("000.json"), "{");
        Files.writeString(samples.resolve("001.json"), "{\"prompt\":\"a waltz\",\"scores\":[],\"explanation\":3}");
        Files.writeString(samples.resolve("001.mid"), "MThd");
        RunReport.write(run);
        Page page = Page.read(run.report());
        assertEquals(
                List.of("summary.json is not valid JSON.", "provenance.json holds no JSON object."),
                page.texts("//section/p[@class='missing']"));
        assertEquals("a\uFFFD\uFFFD\uFFFD\n", page.texts("//pre").get(0));
        assertEquals(1, page.count("//p[.='2 lines of metrics.jsonl cannot be read.']"));
        List<String> problems = page.texts("//article/p[@class='missing']");
        assertEquals(4, problems.size(), problems::toString);
        assertEquals("000.json is not valid JSON", problems.get(0));
        assertEquals("There is no sound.", problems.get(1));
        assertTrue(problems.get(2).startsWith("001.mid "), problems.get(2));
        assertEquals(List.of("“a waltz”"), page.texts("//article[2]/header/h5[@class='title']"));
    }

    @Test
    void tellsInOneLineWhenTheProfileLeftItsBandWhileTheRewardRose() throws IOException {
        String line = "//section[@id='curves']/p[contains(., 'more than chance')]";
        assertEquals(0, wholePage().count(line));
        RunDirectory run = RunDirectory.create(shared.resolve("astray"));
        try (MetricsLog log = MetricsLog.create(run.metrics())) {
            for (int step = 1; step <= 30; step++) {
                double warns = step == 20 || step == 30 ? 1.0 : 0.0;
                log.write(step, step % 10 == 0 ? Map.of("profile/warning", warns) : Map.of("lr", 0.1));
            }
        }
        RunReport.write(run);
        assertEquals(
                List.of(
                        "While the reward rose, the loss-curve profile differed from that of the reference by more than chance"
                                + " at 2 of 3 profiles, first at step 20: listen to samples before you trust the reward."),
                Page.read(run.report()).texts(line));
    }
}
