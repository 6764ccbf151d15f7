package org.encore.app.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws metrics of a run as a PNG image, for documents. */
public final class LossPlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 480;
    private static final int DOTTED_UP_TO = 60;

    private LossPlot() {}

    /**
     * Draws metrics over the steps.
     *
     * @param metricsJsonl the metrics of a run
     * @param keys the names of those to draw
     * @param png the picture, written atomically
     * @throws IllegalArgumentException if {@code keys} is empty or names a metric without values
     * @throws InvalidFileException if the file has no metrics
     */
    public static void write(Path metricsJsonl, List<String> keys, String title, Path png) throws IOException {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("keys is empty, but a plot needs at least one metric");
        }
        Metrics metrics = Metrics.read(metricsJsonl);
        if (metrics.curves().isEmpty()) {
            throw new InvalidFileException(metricsJsonl, "holds no metrics to plot");
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
        chart.getStyler().setSeriesColors(colours());
        long last = 0;
        for (String key : keys) {
            Curve curve = curve(metrics, key, metricsJsonl);
            add(chart, curve);
            last = Math.max(last, curve.step(curve.size() - 1));
        }
        // Along steps that are evenly spaced XChart would number every nth, say every 12th; an axis that ends between
        // steps makes it choose round numbers.
        chart.getStyler().setXAxisMax(last + 0.5);
        AtomicFiles.write(png, BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG));
    }

    /** The first colours of the report; they repeat for further metrics. */
    private static Color[] colours() {
        return new Color[] {
            new Color(0x0067B1),
            new Color(0xC4470A),
            new Color(0x00805A),
            new Color(0x8E4FB5),
            new Color(0x8F6A00),
            new Color(0xC2407F)
        };
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
        chart.addSeries(curve.name(), steps, values)
                .setMarker(there.length <= DOTTED_UP_TO ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE)
                .setLineStyle(SeriesLines.SOLID);
    }
}
