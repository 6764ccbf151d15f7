package org.encore.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.encore.base.files.InvalidFileException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossPlotTest {
    @TempDir
    private Path directory;

    private Path metrics;
    private Path png;

    @BeforeEach
    void someMetrics() throws IOException {
        png = directory.resolve("plot.png");
        metrics = Files.write(
                directory.resolve("metrics.jsonl"),
                List.of(
                        "{\"step\":0,\"loss/held_out\":6.0}",
                        "{\"step\":1,\"loss/train\":6.0,\"gap\":null}",
                        "{\"step\":2,\"loss/train\":null}",
                        "{\"step\":3,\"loss/train\":3.0,\"loss/held_out\":4.0}"));
    }

    private Set<Integer> colours() throws IOException {
        BufferedImage image = ImageIO.read(png.toFile());
        assertEquals(900, image.getWidth());
        assertEquals(480, image.getHeight());
        Set<Integer> colours = new TreeSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colours.add(image.getRGB(x, y));
            }
        }
        return colours;
    }

    @Test
    void drawsEachMetricInItsOwnColour() throws IOException {
        LossPlot.write(metrics, List.of("loss/train"), "Loss", png);
        Set<Integer> one = colours();
        LossPlot.write(metrics, List.of("loss/train", "loss/held_out"), "Loss", png);
        Set<Integer> two = colours();
        assertTrue(two.removeAll(one));
        assertFalse(two.isEmpty());
    }

    @Test
    void namesTheMetricsThereAre() {
        assertEquals(
                metrics + " has no values of \"gap\", but of: gap, loss/held_out, loss/train",
                assertThrows(IllegalArgumentException.class, () -> LossPlot.write(metrics, List.of("gap"), "", png))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> LossPlot.write(metrics, List.of(), "", png));
        assertFalse(Files.exists(png));
    }

    @Test
    void wantsMetrics() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty.jsonl"));
        assertThrows(InvalidFileException.class, () -> LossPlot.write(empty, List.of("x"), "", png));
    }
}
