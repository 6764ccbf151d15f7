package org.encore.app.report;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.encore.app.report.Html.Numerals;
import org.encore.app.report.ProfileTable.ProfileTree.Profiled;
import org.encore.base.files.AtomicFiles;
import org.encore.evaluation.profile.Headline;
import org.encore.evaluation.profile.Profile;
import org.encore.evaluation.profile.WindowLength;
import org.encore.statistics.Interval;
import org.encore.statistics.Means;

/** Profiles as sections of a page. */
public final class ProfilePage {
    private static final int LEAD = 10;
    private static final String[] WIDE = {"class", "wide"};

    private ProfilePage() {}

    /** A page of its own. */
    static String of(Map<String, ?> facts, List<Profiled> profiled) throws IOException {
        Html html = new Html();
        return SectionedPage.of(
                html,
                "Loss-curve profiles",
                () -> html.element("p", ProfileVerdict.sentence(profiled), "class", "story"),
                sections(html, facts, profiled));
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
        parts.add(new SectionedPage.Part("profiles", "Profiles", () -> {
            grammar(html, facts);
            html.in("dl", () -> facts.forEach((name, value) -> tile(html, name, value)), "class", "tiles");
            for (Profiled other : profiled.subList(1, profiled.size())) {
                html.element(
                        "h3", other.checkpoint() + " against " + profiled.get(0).checkpoint());
                ForestPlot.write(
                        html,
                        ProfileVerdict.between(profiled.get(0).profile(), other.profile()),
                        profiled.get(0).checkpoint(),
                        other.checkpoint());
            }
            html.in("div", () -> deltaByLength(profiled).write(html), "class", "charts one");
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
            parts.add(new SectionedPage.Part("profile-" + (i + 1), each.checkpoint(), () -> {
                html.element("p", ProfileVerdict.amnesia(each.profile()) + ".", "class", "note");
                html.in("div", () -> curves(each).write(html), "class", "charts one");
                html.in("div", () -> byLength(html, each.profile()), WIDE);
            }));
        }
        return parts;
    }

    /** Says that codes without a grammar tell little of typed events. */
    private static void grammar(Html html, Map<String, ?> facts) {
        if (Set.of("uniform", "unigram").contains(String.valueOf(facts.get("perturbation")))) {
            html.element(
                    "p",
                    "These codes are typed events: " + facts.get("perturbation")
                            + " damage breaks their grammar at nearly"
                            + " every code, so that the curves tell of grammar more than of music. The damage other-piece"
                            + " keeps the grammar.",
                    "class",
                    "note alarm");
        }
    }

    /** Mean Δ of a piece against the length of the damage, a line a checkpoint, with intervals. */
    private static LineChart deltaByLength(List<Profiled> profiled) {
        List<Curve> curves = new ArrayList<>();
        for (Profiled each : profiled) {
            Profile profile = each.profile();
            curves.add(Curve.of(
                    each.checkpoint(),
                    profile.settings().lengths().stream()
                            .mapToDouble(WindowLength::amount)
                            .toArray(),
                    IntStream.range(0, profile.settings().lengths().size())
                            .mapToObj(length -> profile.metrics(length).get("delta"))
                            .toList()));
        }
        WindowLength.Unit unit =
                profiled.get(0).profile().settings().lengths().get(0).unit();
        return new LineChart(
                "Increase of the loss by the length of the damage, nats a code",
                curves,
                Axis.Spacing.LINEAR,
                unit == WindowLength.Unit.CODES ? "damaged codes:" : "damaged seconds:");
    }

    /** Mean Δ of each code around the onset, a line a length, mean over codebooks. */
    private static LineChart curves(Profiled profiled) {
        List<Curve> curves = new ArrayList<>();
        List<WindowLength> lengths = profiled.profile().settings().lengths();
        for (int i = 0; i < lengths.size(); i++) {
            SortedMap<Integer, List<Double>> byFrame = new TreeMap<>();
            for (Profile.Point point : profiled.profile().meanCurve(i, LEAD)) {
                byFrame.computeIfAbsent(point.frame(), frame -> new ArrayList<>())
                        .add(point.mean());
            }
            curves.add(Curve.of(
                    lengths.get(i).label() + (lengths.get(i).unit() == WindowLength.Unit.CODES ? " codes" : ""),
                    byFrame.keySet().stream().mapToDouble(Integer::doubleValue).toArray(),
                    byFrame.values().stream()
                            .mapToDouble(means -> Means.of(means.stream()
                                    .mapToDouble(Double::doubleValue)
                                    .toArray()))
                            .toArray()));
        }
        return new LineChart(
                "Increase of the loss from the onset of the damage, nats a code", curves, Axis.Spacing.LINEAR, "code");
    }

    private static void tile(Html html, String name, Object value) {
        if (value instanceof String || value instanceof Integer || value instanceof Long) {
            html.in("div", () -> html.element("dt", name.replace('_', ' ')).element("dd", value.toString()));
        }
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
            AtomicFiles.write(
                    directory.resolve("delta-by-length.svg"),
                    bytes(deltaByLength(profiled).picture()));
            for (int i = 0; i < profiled.size(); i++) {
                AtomicFiles.write(
                        directory.resolve("curves-" + (i + 1) + ".svg"),
                        bytes(ProfilePage.curves(profiled.get(i)).picture()));
            }
            Path page = directory.resolve("profile.html");
            AtomicFiles.write(page, bytes(ProfilePage.of(facts, profiled)));
            return page;
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }
}
