package org.encore.app.report;

import static org.encore.app.report.Html.Numerals.coordinate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.encore.app.report.SectionedPage.Part;
import org.encore.base.files.AtomicFiles;
import org.encore.model.parallel.Completion;
import org.encore.music.Piece;
import org.encore.music.codec.AudioCodec;
import org.encore.steering.control.Steering;
import org.encore.steering.control.Steering.Trace;

/** Steered pieces: the piano roll, and below it the monitor and the strength of each dial over the same time. */
public final class SteeringPage {
    private static final String NAME = "steering.html";
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 60;

    private SteeringPage() {}

    /**
     * Writes the page.
     *
     * @param prompts of each piece
     * @return its path
     */
    public static Path write(
            Path directory, List<String> prompts, Steering steering, List<Completion> completions, AudioCodec codec)
            throws IOException {
        Html html = new Html();
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            int[][] codes = completions.get(i).codes();
            int index = i;
            String name = String.format(Locale.ROOT, "%03d", i);
            parts.add(new Part("piece-" + name, name + ": " + prompts.get(i), () -> {
                Optional<Piece> piece = codec.decode(codes).piece();
                piece.ifPresent(notes -> PianoRoll.write(html, notes));
                curves(html, steering, steering.trace(index), times(codes, codec, piece));
            }));
        }
        Path page = directory.resolve(NAME);
        AtomicFiles.write(page, SectionedPage.of(html, "Steered pieces", parts).getBytes(StandardCharsets.UTF_8));
        return page;
    }

    /** Where each frame stands across the picture, from 0 to 1. */
    private static double[] times(int[][] codes, AudioCodec codec, Optional<Piece> piece) {
        double[] times = new double[codes[0].length];
        Optional<double[]> seconds = codec.seconds(codes);
        for (int f = 0; f < times.length; f++) {
            times[f] = (double) f / times.length;
        }
        if (seconds.isPresent() && piece.isPresent() && !piece.get().notes().isEmpty()) {
            Piece notes = piece.get();
            // The roll ends with the last bar.
            int bar = notes.meter().ticksPerBar();
            double end = (notes.lengthTicks() + bar - 1) / bar * bar * notes.secondsPerTick();
            for (int f = 0; f < times.length; f++) {
                times[f] = Math.min(1.0, seconds.get()[f] / end);
            }
        }
        return times;
    }

    private static void curves(Html html, Steering steering, Trace trace, double[] times) {
        for (int d = 0; d < steering.dials().size(); d++) {
            String trait = steering.dials().get(d).trait();
            double threshold = steering.threshold(d);
            float[] monitor = trace.monitor()[d];
            float[] strength = trace.strength()[d];
            html.element(
                    "p",
                    String.format(
                            Locale.ROOT,
                            "%s: probability by the monitor (line), threshold %.2f (dashed), steps that were steered (marks"
                                    + " below)",
                            trait,
                            threshold),
                    "class",
                    "note");
            html.in(
                    "svg",
                    () -> {
                        html.empty(
                                "path",
                                "d",
                                "M0 " + coordinate(HEIGHT * (1.0 - threshold)) + "H" + WIDTH,
                                "style",
                                "stroke:#888;stroke-dasharray:6 4;fill:none");
                        html.empty(
                                "path",
                                "d",
                                line(monitor, times),
                                "style",
                                "stroke:#4c78a8;stroke-width:1.5;fill:none");
                        html.empty(
                                "path",
                                "d",
                                marks(strength, times),
                                "style",
                                "stroke:#e45756;stroke-width:2;fill:none");
                    },
                    "viewBox",
                    "0 0 " + WIDTH + " " + (HEIGHT + 12),
                    "preserveAspectRatio",
                    "none",
                    "role",
                    "img",
                    "aria-label",
                    "monitor and strength of " + trait,
                    "style",
                    "width:100%;height:72px");
        }
    }

    private static String line(float[] monitor, double[] times) {
        StringBuilder path = new StringBuilder();
        for (int t = 0; t < times.length; t++) {
            if (!Float.isNaN(monitor[t])) {
                path.append(path.length() == 0 ? 'M' : 'L')
                        .append(coordinate(WIDTH * times[t]))
                        .append(' ')
                        .append(coordinate(HEIGHT * (1.0 - monitor[t])));
            }
        }
        return path.length() == 0 ? "M0 0" : path.toString();
    }

    /** A mark for each steered step, the longer the stronger. */
    private static String marks(float[] strength, double[] times) {
        double most = 0.0;
        for (float each : strength) {
            most = Math.max(most, Math.abs(each));
        }
        StringBuilder path = new StringBuilder("M0 0");
        for (int t = 0; t < times.length; t++) {
            if (strength[t] != 0.0f) {
                path.append('M')
                        .append(coordinate(WIDTH * times[t]))
                        .append(' ')
                        .append(HEIGHT + 12)
                        .append('v')
                        .append(coordinate(-10.0 * Math.abs(strength[t]) / most));
            }
        }
        return path.toString();
    }
}
