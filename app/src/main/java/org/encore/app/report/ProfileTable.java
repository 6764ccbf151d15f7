package org.encore.app.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.encore.app.report.ProfileTable.ProfileTree.Profiled;
import org.encore.evaluation.profile.Headline;
import org.encore.evaluation.profile.Profile;
import org.encore.evaluation.profile.WindowLength;
import org.encore.statistics.Interval;

/** Profiles as CSV and as text. */
public final class ProfileTable {
    private static final int LEAD = 10;
    private static final List<Headline> SHOWN = List.of(
            Headline.PEAK,
            Headline.ASSIMILATION,
            Headline.RECOVERY,
            Headline.PEARSON,
            Headline.SPEARMAN,
            Headline.CLEAN_LOSS,
            Headline.SCORE);

    private ProfileTable() {}

    /** One row for each checkpoint, length and metric. */
    static String metrics(List<Profiled> profiled) {
        StringBuilder csv = new StringBuilder("checkpoint,length,metric,value,low,high\n");
        for (Profiled each : profiled) {
            Profile profile = each.profile();
            for (int i = 0; i < profile.settings().lengths().size(); i++) {
                String start = quoted(each.checkpoint()) + ","
                        + profile.settings().lengths().get(i).label() + ",";
                profile.metrics(i).forEach((name, interval) -> csv.append(start).append(row(name, interval)));
            }
            for (Headline headline : Headline.values()) {
                csv.append(quoted(each.checkpoint()))
                        .append(",all,")
                        .append(row(headline.text(), profile.headline(headline)));
            }
        }
        return csv.toString();
    }

    private static String row(String name, Interval interval) {
        return name + "," + number(interval.value()) + "," + number(interval.low()) + "," + number(interval.high())
                + "\n";
    }

    /** One row for each checkpoint, length, codebook and code, counted from the onset. */
    static String curves(List<Profiled> profiled) {
        StringBuilder csv = new StringBuilder("checkpoint,length,codebook,code,delta_mean,delta_sd,pieces\n");
        for (Profiled each : profiled) {
            Profile profile = each.profile();
            for (int i = 0; i < profile.settings().lengths().size(); i++) {
                for (Profile.Point point : profile.meanCurve(i, LEAD)) {
                    csv.append(quoted(each.checkpoint()))
                            .append(',')
                            .append(profile.settings().lengths().get(i).label())
                            .append(',')
                            .append(point.codebook())
                            .append(',')
                            .append(point.frame())
                            .append(',')
                            .append(number(point.mean()))
                            .append(',')
                            .append(number(point.deviation()))
                            .append(',')
                            .append(point.pieces())
                            .append('\n');
                }
            }
        }
        return csv.toString();
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\"", "\"\"") + "\"";
    }

    private static String number(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "";
    }

    /** As text: Δ by length and the headlines, one block per checkpoint. */
    public static String text(List<Profiled> profiled) {
        List<String> lines = new ArrayList<>();
        for (Profiled each : profiled) {
            Profile profile = each.profile();
            lines.add(each.checkpoint() + ": " + profile.pieces() + " pieces");
            for (int i = 0; i < profile.settings().lengths().size(); i++) {
                Map<String, Interval> metrics = profile.metrics(i);
                lines.add(String.format(
                        Locale.ROOT,
                        "  %8s  delta %s   peak %s   assimilation %s   recovery %s",
                        profile.settings().lengths().get(i).label(),
                        shown(metrics.get("delta")),
                        shown(metrics.get("peak")),
                        shown(metrics.get("assimilation")),
                        shown(metrics.get("recovery"))));
            }
            for (Headline headline : SHOWN) {
                lines.add(String.format(Locale.ROOT, "  %-14s %s", headline.text(), shown(profile.headline(headline))));
            }
            lines.add("  " + ProfileVerdict.amnesia(profile));
        }
        if (profiled.size() > 1) {
            lines.add(ProfileVerdict.sentence(profiled));
        }
        return String.join(System.lineSeparator(), lines);
    }

    static String shown(Interval interval) {
        return Double.isNaN(interval.value())
                ? "     –                  "
                : String.format(Locale.ROOT, "%7.4f [%7.4f, %7.4f]", interval.value(), interval.low(), interval.high());
    }

    /** Profiles as a tree of names and numbers, for JSON. */
    public static final class ProfileTree {
        private ProfileTree() {}

        /** A checkpoint: its lengths, Δ at each of them, every headline with its interval, and all metrics by length. */
        public static Map<String, Object> of(Profiled profiled) {
            Profile profile = profiled.profile();
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("checkpoint", profiled.checkpoint());
            tree.put("pieces", profile.pieces());
            tree.put("lengths", lengths(profile));
            List<Map<String, Interval>> byLength = byLength(profile);
            tree.put(
                    "delta_by_length",
                    byLength.stream().map(metrics -> of(metrics.get("delta"))).toList());
            for (Headline headline : Headline.values()) {
                tree.put(headline.text(), of(profile.headline(headline)));
            }
            tree.put("context_amnesia", amnesia(profile));
            Map<String, Object> metrics = new LinkedHashMap<>();
            for (int i = 0; i < byLength.size(); i++) {
                Map<String, Object> named = new LinkedHashMap<>();
                byLength.get(i).forEach((name, interval) -> named.put(name, of(interval)));
                metrics.put(profile.settings().lengths().get(i).label(), named);
            }
            tree.put("by_length", metrics);
            return tree;
        }

        /** An interval; what is not finite becomes null. */
        public static Map<String, Object> of(Interval interval) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("value", finite(interval.value()));
            tree.put("low", finite(interval.low()));
            tree.put("high", finite(interval.high()));
            return tree;
        }

        private static Object finite(double value) {
            return Double.isFinite(value) ? value : null;
        }

        private static List<Object> lengths(Profile profile) {
            List<Object> lengths = new ArrayList<>();
            for (WindowLength length : profile.settings().lengths()) {
                boolean whole = length.unit() == WindowLength.Unit.CODES;
                lengths.add(whole ? (Object) (int) length.amount() : length.amount());
            }
            return lengths;
        }

        private static List<Map<String, Interval>> byLength(Profile profile) {
            List<Map<String, Interval>> byLength = new ArrayList<>();
            for (int i = 0; i < profile.settings().lengths().size(); i++) {
                byLength.add(profile.metrics(i));
            }
            return byLength;
        }

        /** The effects that the paper reports; each is true only if its whole interval is on that side of 0. */
        static Map<String, Object> amnesia(Profile profile) {
            Map<String, Object> found = new LinkedHashMap<>();
            found.put("peak_above_0", profile.headline(Headline.PEAK).isAbove(0));
            found.put(
                    "assimilation_below_0",
                    profile.headline(Headline.ASSIMILATION).isBelow(0));
            found.put(
                    "loss_falls_with_length", profile.headline(Headline.PEARSON).isBelow(0));
            return found;
        }

        /**
         * The profile of a checkpoint.
         *
         * @param checkpoint as the user named it
         * @param profile what was measured
         */
        public record Profiled(String checkpoint, Profile profile) {}
    }
}
