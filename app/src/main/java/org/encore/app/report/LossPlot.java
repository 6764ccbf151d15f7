package org.encore.app.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.statistics.Interval;

/** Draws metrics of a run, or intervals over positions, as an SVG picture, for documents. */
public final class LossPlot {
    private LossPlot() {}

    /**
     * Draws metrics over the steps.
     *
     * @param metricsJsonl the metrics of a run
     * @param keys the names of those to draw
     * @param svg the picture, written atomically
     * @throws IllegalArgumentException if {@code keys} is empty or names a metric without values
     * @throws InvalidFileException if the file has no metrics
     */
    public static void write(Path metricsJsonl, List<String> keys, String title, Path svg) throws IOException {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("keys is empty, but a plot needs at least one metric");
        }
        Metrics metrics = Metrics.read(metricsJsonl);
        if (metrics.curves().isEmpty()) {
            throw new InvalidFileException(metricsJsonl, "holds no metrics to plot");
        }
        List<Curve> curves = new ArrayList<>();
        for (String key : keys) {
            curves.add(metrics.curve(key)
                    .filter(Curve::hasValues)
                    .orElseThrow(() -> new IllegalArgumentException(metricsJsonl + " has no values of \"" + key
                            + "\", but of: "
                            + String.join(", ", new TreeSet<>(metrics.curves().keySet())))));
        }
        draw(new LineChart(title, curves, Axis.Spacing.LINEAR), svg);
    }

    /**
     * Draws intervals over positions, with bands.
     *
     * @param places where the intervals stand, rising
     * @param curves intervals by name, one a place
     * @param svg the picture, written atomically
     */
    public static void write(String title, double[] places, Map<String, List<Interval>> curves, Path svg)
            throws IOException {
        List<Curve> all = new ArrayList<>();
        curves.forEach((name, intervals) -> all.add(Curve.of(name, places, intervals)));
        draw(new LineChart(title, all, Axis.Spacing.LINEAR, "position"), svg);
    }

    private static void draw(LineChart chart, Path svg) throws IOException {
        AtomicFiles.write(svg, chart.picture().getBytes(StandardCharsets.UTF_8));
    }
}
