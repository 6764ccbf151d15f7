package org.encore.app.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.encore.app.report.charts.Curve;
import org.encore.app.report.charts.Metrics;
import org.encore.music.files.AtomicFiles;
import org.encore.music.files.InvalidFileException;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws figures of a run as a PNG picture, for documents. */
public final class LossPlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 480;

    private LossPlot() {}

    /**
     * Draws some figures over the steps.
     *
     * @param metricsJsonl the figures of a run
     * @param keys the names of those to draw
     * @param png the picture, written atomically
     * @throws IllegalArgumentException if {@code keys} is empty or names a figure that the file has not, or only gaps of
     * @throws InvalidFileException if the file has no figures at all
     */
    public static void write(Path metricsJsonl, List<String> keys, String title, Path png) throws IOException {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("keys is empty, but a plot needs at least one figure");
        }
        Metrics metrics = Metrics.read(metricsJsonl);
        if (metrics.curves().isEmpty()) {
            throw new InvalidFileException(metricsJsonl, "holds no figures to plot");
        }
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("step")
                .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.InsideNE)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false);
        for (String key : keys) {
            add(chart, curve(metrics, key, metricsJsonl));
        }
        AtomicFiles.write(png, BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG));
    }

    private static Curve curve(Metrics metrics, String key, Path file) {
        return metrics.curve(key)
                .filter(curve -> Double.isFinite(curve.last()))
                .orElseThrow(() -> new IllegalArgumentException(file + " has no values of \"" + key + "\", but of: "
                        + String.join(", ", new TreeSet<>(metrics.curves().keySet()))));
    }

    private static void add(XYChart chart, Curve curve) {
        int[] there = IntStream.range(0, curve.size())
                .filter(point -> Double.isFinite(curve.value(point)))
                .toArray();
        double[] steps = IntStream.of(there).mapToDouble(curve::step).toArray();
        double[] values = IntStream.of(there).mapToDouble(curve::value).toArray();
        chart.addSeries(curve.name(), steps, values).setMarker(SeriesMarkers.NONE);
    }
}
