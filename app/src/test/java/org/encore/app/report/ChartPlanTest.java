package org.encore.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartPlanTest {
    @TempDir
    private Path directory;

    private Page page(String... lines) throws IOException {
        Path file = Files.write(directory.resolve("metrics.jsonl"), List.of(lines));
        Html html = new Html();
        html.in("main", () -> planOf(file).write(html));
        return Page.parse(html.toString());
    }

    private static ChartPlan planOf(Path file) {
        try {
            return ChartPlan.of(Metrics.read(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void putsLossesOfPretrainingIntoOneChart() throws IOException {
        Page page = page(
                "{\"step\":0,\"loss/held_out\":6.5}",
                "{\"step\":1,\"loss/train\":6.25,\"lr\":0.1,\"grad_norm\":2}",
                "{\"step\":2,\"loss/train\":6.0,\"lr\":0.05,\"grad_norm\":1}",
                "{\"step\":2,\"loss/held_out\":5.5}");
        assertEquals(
                List.of("Loss, nats a code ", "Gradient norm ", "Learning rate "),
                page.texts("//main/div/figure/figcaption"));
        assertEquals(List.of("0 6.5 2 5.5", "1 6.25 2 6"), page.texts("//figure[1]//li/@data-points"));
        assertEquals(0, page.count("//details"));
    }

    @Test
    void foldsTheUnknownByPrefix() throws IOException {
        Page page = page("{\"step\":1,\"policy/clipfrac_avg\":0.5,\"episode\":3,\"policy/x\":\"text\","
                + "\"loss/other_avg\":1,\"rewards/a/b/raw_mean\":2}");
        assertEquals(List.of("Reward a/b, raw ", "Loss: other "), page.texts("//main/div/figure/figcaption"));
        assertEquals(
                List.of("More metrics: policy (1)", "More metrics: others (1)", "Metrics that did not change (1)"),
                page.texts("//details/summary"));
        assertEquals(List.of("policy/clipfrac_avg ", "episode "), page.texts("//details//figcaption"));
        assertEquals(List.of("policy/x has no values"), page.texts("//details/ul/li"));
    }

    @Test
    void leavesOutWhatCannotBeRead() throws IOException {
        Path file = Files.writeString(
                directory.resolve("cut.jsonl"),
                "{\"step\":1,\"x\":1}\n\n{\"x\":2}\n"
                        + "{\"step\":\"3\",\"x\":3}\n[]\n{\"step\":4,\"x\":null}\n{\"step\":5,");
        Metrics metrics = Metrics.read(file);
        assertEquals(4, metrics.unreadableLines());
        assertEquals(2, metrics.curve("x").orElseThrow().size());
        assertEquals(1.0, metrics.curve("x").orElseThrow().last(), 0.0);
    }
}
