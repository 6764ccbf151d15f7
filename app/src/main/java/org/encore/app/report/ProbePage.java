package org.encore.app.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.encore.app.report.SectionedPage.Part;
import org.encore.base.files.AtomicFiles;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.steering.probes.ProbeFit.Fitted;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;

/** The accuracy of the probes of each trait: a heat map of layers by heads, and of whole layers. */
public final class ProbePage {
    /** The file, in the directory of the probes. */
    public static final String NAME = "probes.html";

    private static final int SIZE = 420;
    /** Larger maps would not be readable. */
    private static final int MOST_LABELLED = 256;

    private ProbePage() {}

    /** Writes the page. */
    public static void write(Path directory, String checkpoint, DecoderConfig decoder, List<Fitted> fitted)
            throws IOException {
        Html html = new Html();
        List<Part> parts = new ArrayList<>();
        for (Fitted each : fitted) {
            byte[] map = heatMap(each, decoder);
            parts.add(new Part(each.trait(), each.trait(), () -> {
                html.element("p", summary(each));
                html.empty(
                        "img",
                        "src",
                        "data:image/png;base64," + Base64.getEncoder().encodeToString(map),
                        "alt",
                        "accuracy of the probes of " + each.trait() + ", layers by heads",
                        "style",
                        "max-width:100%");
                html.element("p", "Whole layers: " + list(each.layers().heldOut()), "class", "note");
            }));
        }
        String page = SectionedPage.of(html, "Probes of " + checkpoint, parts);
        AtomicFiles.write(directory.resolve(NAME), page.getBytes(StandardCharsets.UTF_8));
    }

    private static String summary(Fitted each) {
        return String.format(
                Locale.ROOT,
                "Accuracy on held-out pieces, %%. The best head on the clips for selection: %.1f [%.1f, %.1f].",
                100.0 * each.accuracy().value(),
                100.0 * each.accuracy().low(),
                100.0 * each.accuracy().high());
    }

    private static String list(float[] accuracies) {
        List<String> all = new ArrayList<>();
        for (float accuracy : accuracies) {
            all.add(String.format(Locale.ROOT, "%.1f", 100.0 * accuracy));
        }
        return String.join(", ", all);
    }

    /** Held-out accuracy in per cent, a row a layer, a column a head. */
    static byte[] heatMap(Fitted fitted, DecoderConfig decoder) throws IOException {
        HeatMapChart chart = new HeatMapChartBuilder()
                .width(SIZE + 160)
                .height(SIZE)
                .title(fitted.trait())
                .xAxisTitle("head")
                .yAxisTitle("layer")
                .build();
        chart.getStyler()
                .setShowValue(decoder.layers() * decoder.heads() <= MOST_LABELLED)
                .setRangeColors(new Color[] {new Color(0xF3F1EC), new Color(0x4C78A8)})
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false);
        int[] x = new int[decoder.heads()];
        int[] y = new int[decoder.layers()];
        Arrays.setAll(x, i -> i);
        Arrays.setAll(y, i -> i);
        int[][] accuracies = new int[x.length][y.length];
        for (int head = 0; head < x.length; head++) {
            for (int layer = 0; layer < y.length; layer++) {
                accuracies[head][layer] = Math.round(100.0f * fitted.heads().heldOut()[layer * x.length + head]);
            }
        }
        chart.addSeries("accuracy, %", x, y, accuracies);
        return BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG);
    }
}
