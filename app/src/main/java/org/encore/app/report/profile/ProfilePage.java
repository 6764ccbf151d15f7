package org.encore.app.report.profile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.app.report.SectionedPage;
import org.encore.app.report.markup.Html;
import org.encore.app.report.markup.Numerals;
import org.encore.app.report.profile.ProfileTree.Profiled;
import org.encore.evaluation.profile.Headline;
import org.encore.evaluation.profile.Profile;
import org.encore.statistics.Interval;

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
            picture(html, overview, "what damage adds to the loss, by its length");
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
}
