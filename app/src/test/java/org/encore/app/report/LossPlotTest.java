package org.encore.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.encore.base.files.InvalidFileException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossPlotTest {
    @TempDir
    private Path directory;

    private Path metrics;
    private Path svg;

    @BeforeEach
    void someMetrics() throws IOException {
        svg = directory.resolve("plot.svg");
        metrics = Files.write(
                directory.resolve("metrics.jsonl"),
                List.of(
                        "{\"step\":0,\"loss/held_out\":6.0}",
                        "{\"step\":1,\"loss/train\":6.0,\"gap\":null}",
                        "{\"step\":2,\"loss/train\":null}",
                        "{\"step\":3,\"loss/train\":3.0,\"loss/held_out\":4.0}"));
    }

    @Test
    void drawsEachMetricInItsOwnColour() throws IOException {
        LossPlot.write(metrics, List.of("loss/train", "loss/held_out"), "Loss <1>", svg);
        Page picture = Page.parse(Files.readString(svg));
        // The gap breaks the first curve; steps run from 0 to 3, losses from 3 to 6.
        assertEquals(
                List.of("M162.7 10h0M392 184h0", "M48 10h0L392 126"),
                picture.texts("//*[local-name()='g']/*[starts-with(@class, 'mean')]/@d"));
        assertEquals(List.of("mean c0", "mean c1"), picture.texts("//*[starts-with(@class, 'mean')]/@class"));
        assertEquals(List.of("Loss <1>", "loss/train", "loss/held_out"), picture.texts("/*/*[local-name()='text']"));
        // Colours for light and dark readers, and nothing from elsewhere.
        assertTrue(picture.texts("//*[local-name()='style']").get(0).contains("prefers-color-scheme: dark"));
        assertEquals(0, picture.count("//@href | //@src"));
    }

    @Test
    void namesTheMetricsThereAre() {
        assertEquals(
                metrics + " has no values of \"gap\", but of: gap, loss/held_out, loss/train",
                assertThrows(IllegalArgumentException.class, () -> LossPlot.write(metrics, List.of("gap"), "", svg))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> LossPlot.write(metrics, List.of(), "", svg));
        assertFalse(Files.exists(svg));
    }

    @Test
    void wantsMetrics() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty.jsonl"));
        assertThrows(InvalidFileException.class, () -> LossPlot.write(empty, List.of("x"), "", svg));
    }
}
