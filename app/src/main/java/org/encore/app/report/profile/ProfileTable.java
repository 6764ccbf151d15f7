package org.encore.app.report.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.encore.app.report.profile.ProfileTree.Profiled;
import org.encore.evaluation.profile.Headline;
import org.encore.evaluation.profile.Profile;
import org.encore.statistics.Interval;

/** Profiles as tables for spreadsheets and for people. */
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

    /** One row for each checkpoint, length and figure. */
    static String metrics(List<Profiled> profiled) {
        StringBuilder csv = new StringBuilder("checkpoint,length,figure,value,low,high\n");
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

    /** For people: Δ by length and the headlines, a block a checkpoint. */
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
            lines.add("  context amnesia: " + ProfileTree.amnesia(profile));
        }
        return String.join(System.lineSeparator(), lines);
    }

    static String shown(Interval interval) {
        return Double.isNaN(interval.value())
                ? "     –                  "
                : String.format(Locale.ROOT, "%7.4f [%7.4f, %7.4f]", interval.value(), interval.low(), interval.high());
    }
}
