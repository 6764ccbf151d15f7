package org.encore.app.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.encore.app.report.SectionedPage.Part;
import org.encore.base.files.AtomicFiles;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.steering.probes.ProbeFit.Fitted;

/** The accuracy of the probes of each trait: a heat map of layers by heads, and of whole layers. */
public final class ProbePage {
    /** The file, in the directory of the probes. */
    public static final String NAME = "probes.html";

    /** Positives and negatives come in pairs. */
    private static final double CHANCE = 0.5;

    private ProbePage() {}

    /** Writes the page. */
    public static void write(Path directory, String checkpoint, DecoderConfig decoder, List<Fitted> fitted)
            throws IOException {
        Html html = new Html();
        List<Part> parts = new ArrayList<>();
        for (Fitted each : fitted) {
            parts.add(new Part(each.trait(), each.trait(), () -> {
                html.element("p", summary(each));
                html.in("div", () -> heatMap(html, each, decoder), "class", "wide");
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

    /** Held-out accuracy in per cent, a row a layer, a column a head; the better, the stronger the colour. */
    private static void heatMap(Html html, Fitted fitted, DecoderConfig decoder) {
        html.in("table", () -> {
            html.element("caption", "accuracy of the probes of " + fitted.trait() + ", layers by heads");
            html.in("tr", () -> {
                html.element("th", "layer \\ head");
                for (int head = 0; head < decoder.heads(); head++) {
                    html.element("th", "" + head, "scope", "col");
                }
            });
            for (int layer = 0; layer < decoder.layers(); layer++) {
                int row = layer;
                html.in("tr", () -> {
                    html.element("th", "" + row, "scope", "row");
                    for (int head = 0; head < decoder.heads(); head++) {
                        float accuracy = fitted.heads().heldOut()[row * decoder.heads() + head];
                        html.element(
                                "td",
                                String.format(Locale.ROOT, "%.0f", 100.0 * accuracy),
                                "style",
                                String.format(
                                        Locale.ROOT,
                                        "background: rgba(76, 120, 168, %.2f)",
                                        Math.max(0.0, Math.min(1.0, (accuracy - CHANCE) / (1.0 - CHANCE)))));
                    }
                });
            }
        });
    }
}
