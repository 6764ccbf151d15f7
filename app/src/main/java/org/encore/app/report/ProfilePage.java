package org.encore.app.report;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.app.report.Html.Numerals;
import org.encore.app.report.ProfileTable.ProfileTree.Profiled;
import org.encore.base.files.AtomicFiles;
import org.encore.evaluation.profile.Headline;
import org.encore.evaluation.profile.Profile;
import org.encore.evaluation.profile.WindowLength;
import org.encore.statistics.Interval;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Profiles as sections of a page. */
public final class ProfilePage {
    private static final String[] WIDE = {"class", "wide"};

    private ProfilePage() {}

    /** A page of its own. */
    static String of(Map<String, ?> facts, List<Profiled> profiled) throws IOException {
        Html html = new Html();
        return SectionedPage.of(html, "Loss-curve profiles", sections(html, facts, profiled));
    }

    /**
     * The sections, for any page.
     *
     * @param html what they write into
     * @param facts what all checkpoints have in common, and trees, which are left out
     */
    public static List<SectionedPage.Part> sections(Html html, Map<String, ?> facts, List<Profiled> profiled)
            throws IOException {
        List<SectionedPage.Part> parts = new ArrayList<>();
        byte[] overview = ProfilePlots.deltaByLength(profiled);
        parts.add(new SectionedPage.Part("profiles", "Profiles", () -> {
            html.in("dl", () -> facts.forEach((name, value) -> tile(html, name, value)), "class", "tiles");
            picture(html, overview, "increase of the loss by the length of the damage");
            html.in("div", () -> headlines(html, profiled), WIDE);
            html.element(
                    "p",
                    "Nats a code; in brackets 95 % of draws of the pieces with replacement. The documentation has the"
                            + " formulas in profiles.md.",
                    "class",
                    "note");
        }));
        for (int i = 0; i < profiled.size(); i++) {
            Profiled each = profiled.get(i);
            byte[] curves = ProfilePlots.curves(each);
            parts.add(new SectionedPage.Part("profile-" + (i + 1), each.checkpoint(), () -> {
                picture(html, curves, "mean loss curves of " + each.checkpoint());
                html.in("div", () -> byLength(html, each.profile()), WIDE);
            }));
        }
        return parts;
    }

    private static void tile(Html html, String name, Object value) {
        if (value instanceof String || value instanceof Integer || value instanceof Long) {
            html.in("div", () -> html.element("dt", name.replace('_', ' ')).element("dd", value.toString()));
        }
    }

    private static void picture(Html html, byte[] png, String description) {
        html.empty(
                "img",
                "src",
                "data:image/png;base64," + Base64.getEncoder().encodeToString(png),
                "alt",
                description,
                "style",
                "max-width:100%");
    }

    private static void headlines(Html html, List<Profiled> profiled) {
        Map<String, List<Interval>> rows = new LinkedHashMap<>();
        for (Headline headline : Headline.values()) {
            rows.put(
                    headline.text(),
                    profiled.stream()
                            .map(each -> each.profile().headline(headline))
                            .toList());
        }
        table(html, profiled.stream().map(Profiled::checkpoint).toList(), rows);
    }

    private static void byLength(Html html, Profile profile) {
        List<String> columns = new ArrayList<>();
        Map<String, List<Interval>> rows = new LinkedHashMap<>();
        for (int i = 0; i < profile.settings().lengths().size(); i++) {
            columns.add(profile.settings().lengths().get(i).label());
            profile.metrics(i).forEach((name, interval) -> rows.computeIfAbsent(name, key -> new ArrayList<>())
                    .add(interval));
        }
        table(html, columns, rows);
    }

    private static void table(Html html, List<String> columns, Map<String, List<Interval>> rows) {
        html.in("table", () -> {
            html.in("tr", () -> {
                html.element("th", "");
                columns.forEach(column -> html.element("th", column, "scope", "col"));
            });
            rows.forEach((name, intervals) -> html.in("tr", () -> {
                html.element("th", name.replace('_', ' '), "scope", "row");
                intervals.forEach(interval -> html.element("td", text(interval)));
            }));
        });
    }

    private static String text(Interval interval) {
        return Double.isNaN(interval.value())
                ? Numerals.of(Double.NaN)
                : Numerals.of(interval.value()) + " [" + Numerals.of(interval.low()) + ", "
                        + Numerals.of(interval.high()) + "]";
    }

    /** Writes {@code profile.json}, {@code profile.csv}, {@code curves.csv}, the pictures and {@code profile.html}. */
    public static final class ProfileFiles {
        private static final JsonMapper JSON =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

        private ProfileFiles() {}

        /**
         * Writes all files, each atomically.
         *
         * @param facts what the command prints as JSON
         * @return the page
         */
        public static Path write(Path directory, Map<String, ?> facts, List<Profiled> profiled) throws IOException {
            AtomicFiles.write(directory.resolve("profile.json"), JSON.writeValueAsBytes(facts));
            AtomicFiles.write(directory.resolve("profile.csv"), bytes(ProfileTable.metrics(profiled)));
            AtomicFiles.write(directory.resolve("curves.csv"), bytes(ProfileTable.curves(profiled)));
            AtomicFiles.write(directory.resolve("delta-by-length.png"), ProfilePlots.deltaByLength(profiled));
            for (int i = 0; i < profiled.size(); i++) {
                AtomicFiles.write(
                        directory.resolve("curves-" + (i + 1) + ".png"), ProfilePlots.curves(profiled.get(i)));
            }
            Path page = directory.resolve("profile.html");
            AtomicFiles.write(page, bytes(ProfilePage.of(facts, profiled)));
            return page;
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Profiles as PNG pictures. */
    static final class ProfilePlots {
        private static final int WIDTH = 900;
        private static final int HEIGHT = 460;
        private static final int LEAD = 10;

        private ProfilePlots() {}

        /** Mean Δ of a piece against the length of the damage, a line a checkpoint, with intervals. */
        static byte[] deltaByLength(List<Profiled> profiled) throws IOException {
            WindowLength.Unit unit =
                    profiled.get(0).profile().settings().lengths().get(0).unit();
            XYChart chart = chart(
                    "Increase of the loss of a piece by damage",
                    unit == WindowLength.Unit.CODES ? "damaged codes" : "damaged seconds");
            for (Profiled each : profiled) {
                Profile profile = each.profile();
                int lengths = profile.settings().lengths().size();
                double[] x = new double[lengths];
                double[] y = new double[lengths];
                double[] spread = new double[lengths];
                for (int i = 0; i < lengths; i++) {
                    Interval delta = profile.metrics(i).get("delta");
                    x[i] = profile.settings().lengths().get(i).amount();
                    y[i] = delta.value();
                    spread[i] = (delta.high() - delta.low()) / 2;
                }
                chart.addSeries(each.checkpoint(), x, y, spread).setMarker(SeriesMarkers.CIRCLE);
            }
            return png(chart);
        }

        /** Mean Δ of each code from just before the onset on, codebooks averaged, a line a length. */
        static byte[] curves(Profiled profiled) throws IOException {
            Profile profile = profiled.profile();
            XYChart chart = chart("Loss curves of " + profiled.checkpoint(), "codes from the onset");
            for (int i = 0; i < profile.settings().lengths().size(); i++) {
                List<Profile.Point> points = profile.meanCurve(i, LEAD);
                int codebooks = points.get(points.size() - 1).codebook() + 1;
                int frames = points.size() / codebooks;
                double[] x = new double[frames];
                double[] y = new double[frames];
                for (int p = 0; p < points.size(); p++) {
                    x[p % frames] = points.get(p).frame();
                    y[p % frames] += points.get(p).mean() / codebooks;
                }
                XYSeries series =
                        chart.addSeries(profile.settings().lengths().get(i).label(), x, y);
                series.setMarker(SeriesMarkers.NONE);
                series.setLineWidth(1.2f);
            }
            return png(chart);
        }

        private static XYChart chart(String title, String across) {
            XYChart chart = new XYChartBuilder()
                    .width(WIDTH)
                    .height(HEIGHT)
                    .title(title)
                    .xAxisTitle(across)
                    .yAxisTitle("Δ, nats a code")
                    .build();
            chart.getStyler()
                    .setLegendPosition(LegendPosition.OutsideS)
                    .setChartBackgroundColor(Color.WHITE)
                    .setPlotBorderVisible(false);
            return chart;
        }

        private static byte[] png(XYChart chart) throws IOException {
            return BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG);
        }
    }
}
