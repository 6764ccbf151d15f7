package org.encore.app.report.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.evaluation.profile.Headline;
import org.encore.evaluation.profile.Profile;
import org.encore.evaluation.profile.WindowLength;
import org.encore.statistics.Interval;

/** Profiles as a tree of names and numbers, for JSON. */
public final class ProfileTree {
    private ProfileTree() {}

    /** A checkpoint: its lengths, Δ at each of them, every headline with its interval, and all figures by length. */
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

    /** What the paper reports, each part true only if all of its interval is on that side of 0. */
    static Map<String, Object> amnesia(Profile profile) {
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("peak_above_0", profile.headline(Headline.PEAK).isAbove(0));
        found.put(
                "assimilation_below_0", profile.headline(Headline.ASSIMILATION).isBelow(0));
        found.put("loss_falls_with_length", profile.headline(Headline.PEARSON).isBelow(0));
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
