package org.encore.app.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.app.report.Differences.Kind;
import org.encore.app.report.Differences.Row;
import org.encore.app.report.Differences.Verdict;
import org.encore.app.report.Html.Numerals;
import org.encore.app.report.ProfileTable.ProfileTree;
import org.encore.app.report.ProfileTable.ProfileTree.Profiled;
import org.encore.evaluation.profile.Headline;
import org.encore.evaluation.profile.Profile;
import org.encore.run.MetricCatalogue.Better;
import org.encore.statistics.Interval;

/**
 * Which of several profiled checkpoints is better, and by what.
 *
 * <p>All checkpoints were measured on the same damaged pieces, so that differences are paired: the bootstrap draws pieces, and
 * what pieces have in common cancels. Better is what the study in docs/profiles.md found to go with quality: a lower loss of
 * the clean pieces, and fewer codes until the loss has recovered. The other figures have no better direction.
 */
final class ProfileVerdict {
    private static final String NATS = ", nats a code";
    private static final Map<Headline, String> NAMES = names();

    private ProfileVerdict() {}

    private static Map<Headline, String> names() {
        Map<Headline, String> names = new LinkedHashMap<>();
        names.put(Headline.CLEAN_LOSS, "loss of the clean pieces" + NATS);
        names.put(Headline.RECOVERY_CODES, "codes until the loss has recovered");
        names.put(Headline.PEAK, "peak" + NATS);
        names.put(Headline.ASSIMILATION, "assimilation" + NATS);
        names.put(Headline.RECOVERY, "recovery" + NATS);
        return names;
    }

    /** What is different at the second checkpoint, on the same pieces. */
    static Differences between(Profile first, Profile second) {
        List<Row> rows = new ArrayList<>();
        NAMES.forEach((headline, name) -> {
            Interval change = first.settings()
                    .bootstrap()
                    .interval(
                            first.pieces(),
                            drawn -> second.headline(headline, drawn) - first.headline(headline, drawn));
            boolean judged = headline == Headline.CLEAN_LOSS || headline == Headline.RECOVERY_CODES;
            rows.add(new Row(
                    name,
                    Kind.PROFILE,
                    first.headline(headline).value(),
                    second.headline(headline).value(),
                    change,
                    Verdict.of(change, judged ? Better.LOWER : Better.NEITHER)));
        });
        return new Differences(rows);
    }

    /** One sentence: of one checkpoint what damage does to it, of several how each compares with the first. */
    static String sentence(List<Profiled> profiled) {
        Profiled first = profiled.get(0);
        if (profiled.size() == 1) {
            return first.checkpoint() + " has a loss of "
                    + Numerals.brief(
                            first.profile().headline(Headline.CLEAN_LOSS).value())
                    + " nats a code on " + first.profile().pieces() + " clean pieces; " + amnesia(first.profile())
                    + ".";
        }
        List<String> parts = new ArrayList<>();
        for (Profiled other : profiled.subList(1, profiled.size())) {
            parts.add(compared(first, other));
        }
        return String.join(" ", parts);
    }

    private static String compared(Profiled first, Profiled other) {
        Differences differences = between(first.profile(), other.profile());
        List<String> better = reasons(differences.rows(), Verdict.BETTER);
        List<String> worse = reasons(differences.rows(), Verdict.WORSE);
        String than = " than " + first.checkpoint() + " by ";
        if (better.isEmpty() && worse.isEmpty()) {
            return other.checkpoint() + " is neither clearly better nor clearly worse than " + first.checkpoint()
                    + ", by loss or by recovery.";
        }
        if (better.isEmpty() || worse.isEmpty()) {
            return other.checkpoint() + " is " + (better.isEmpty() ? "worse" : "better") + than
                    + String.join(" and by ", better.isEmpty() ? worse : better) + ".";
        }
        return other.checkpoint() + " is better" + than + String.join(" and by ", better) + ", but worse by "
                + String.join(" and by ", worse) + ".";
    }

    private static List<String> reasons(List<Row> rows, Verdict verdict) {
        return rows.stream()
                .filter(row -> row.verdict() == verdict)
                .map(row -> row.metric().replace(NATS, "") + " (" + Numerals.brief(row.after()) + " against "
                        + Numerals.brief(row.before()) + (row.metric().endsWith(NATS) ? " nats a code" : "")
                        + ", difference " + row.text() + ")")
                .toList();
    }

    /** The effects that the paper reports, in words. */
    static String amnesia(Profile profile) {
        Map<String, Object> found = ProfileTree.amnesia(profile);
        List<String> parts = new ArrayList<>();
        found.forEach((effect, is) ->
                parts.add(effect.replace('_', ' ') + (Boolean.TRUE.equals(is) ? ": yes" : ": not shown")));
        return "context amnesia, by the paper's three signs: " + String.join(", ", parts);
    }
}
