package org.encore.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.encore.app.report.Html.Numerals;
import org.encore.evaluation.policy.OverOptimisation;
import org.encore.run.MetricCatalogue;
import org.encore.run.MetricCatalogue.Better;
import org.encore.run.MetricCatalogue.Group;
import org.encore.statistics.Interval;

/**
 * What differs between two measurements on the same prompts, and whether that is good.
 *
 * @param rows in the order of the measurements, rewards that were trained on first
 */
record Differences(List<Row> rows) {
    private static final String SHARE = "[0, 1]";

    Differences {
        rows = List.copyOf(rows);
    }

    /** Where a metric is shown: metrics of a group share a scale, others have one scale a line. */
    enum Kind {
        REWARDED("Rewarded"),
        SHARES("Not rewarded, from 0 to 1"),
        OTHERS("Not rewarded, other units: each line has its own scale"),
        PROFILE("Each line has its own scale");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        boolean hasOwnScales() {
            return this == OTHERS || this == PROFILE;
        }
    }

    /** Whether a difference is good; only one whose interval leaves out 0 is told. Each has a sign beside its colour. */
    enum Verdict {
        BETTER("▲", "better"),
        WORSE("▼", "worse"),
        CHANGED("◆", "changed"),
        UNCLEAR("○", "unclear"),
        SAME("=", "the same"),
        UNKNOWN("·", "no interval");

        private final String sign;
        private final String word;

        Verdict(String sign, String word) {
            this.sign = sign;
            this.word = word;
        }

        String sign() {
            return sign;
        }

        String word() {
            return word;
        }

        /** Whether the interval leaves out 0. */
        boolean isClear() {
            return this == BETTER || this == WORSE || this == CHANGED;
        }

        /** The verdict on a difference, and its class in the style sheet. */
        static Verdict of(Interval change, Better better) {
            if (change.low() == 0.0 && change.high() == 0.0) {
                return SAME;
            }
            if (!Double.isFinite(change.low()) || !Double.isFinite(change.high())) {
                return UNKNOWN;
            }
            if (!change.isAbove(0.0) && !change.isBelow(0.0)) {
                return UNCLEAR;
            }
            return switch (better) {
                case HIGHER -> change.isAbove(0.0) ? BETTER : WORSE;
                case LOWER -> change.isBelow(0.0) ? BETTER : WORSE;
                case NEITHER -> CHANGED;
            };
        }
    }

    /**
     * One metric.
     *
     * @param before its value before, or of the first run; NaN if there is none
     * @param after its value after, or of the other run
     * @param change after minus before; its ends are NaN without an interval
     */
    record Row(String metric, Kind kind, double before, double after, Interval change, Verdict verdict) {
        /** {@code +0.227 [+0.214, +0.240]}. */
        String text() {
            return Double.isFinite(change.low())
                    ? shown(change.value()) + " [" + shown(change.low()) + ", " + shown(change.high()) + "]"
                    : shown(change.value());
        }

        /** A number of this row's change, all with the same decimals. */
        String shown(double number) {
            return Numerals.change(number, reach());
        }

        /** How far the change or its interval is from 0; 0 if there is none. */
        double reach() {
            return DoubleStream.of(change.value(), change.low(), change.high())
                    .filter(Double::isFinite)
                    .map(Math::abs)
                    .max()
                    .orElse(0.0);
        }
    }

    /**
     * Reads the differences of a run's evaluation.
     *
     * @param evaluation with {@code before}, {@code after} and {@code difference}; whatever is missing is left out
     * @param rewarded ids of the rewards that were trained on
     */
    static Differences of(JsonNode evaluation, List<String> rewarded) {
        JsonNode before = evaluation.path("before");
        JsonNode after = evaluation.path("after");
        Set<String> metrics = new LinkedHashSet<>();
        before.fieldNames().forEachRemaining(metrics::add);
        after.fieldNames().forEachRemaining(metrics::add);
        List<Row> first = new ArrayList<>();
        List<Row> others = new ArrayList<>();
        for (String metric : metrics) {
            JsonNode difference = evaluation.path("difference").path(metric);
            Row row = row(
                    metric,
                    before.path(metric).asDouble(Double.NaN),
                    after.path(metric).asDouble(Double.NaN),
                    difference.path("low").asDouble(Double.NaN),
                    difference.path("high").asDouble(Double.NaN),
                    rewarded);
            (row.kind() == Kind.REWARDED ? first : others).add(row);
        }
        first.addAll(others);
        return new Differences(first);
    }

    private static Row row(String metric, double before, double after, double low, double high, List<String> rewarded) {
        Interval change = new Interval(after - before, low, high);
        return new Row(metric, kind(metric, rewarded), before, after, change, Verdict.of(change, better(metric)));
    }

    private static Kind kind(String metric, List<String> rewarded) {
        if (isReward(metric, rewarded)) {
            return Kind.REWARDED;
        }
        boolean share = MetricCatalogue.find(metric, List.of(Group.HELD_OUT))
                .filter(known -> known.unit().equals(SHARE))
                .isPresent();
        return share ? Kind.SHARES : Kind.OTHERS;
    }

    /** Rewards have their id as name, or {@code rewards/<id>} if another metric has it. */
    static boolean isReward(String metric, List<String> rewarded) {
        boolean taken = MetricCatalogue.find(metric, List.of(Group.HELD_OUT))
                .filter(known -> known.name().equals(metric))
                .isPresent();
        return !taken
                && (rewarded.contains(metric) || rewarded.stream().anyMatch(id -> metric.equals("rewards/" + id)));
    }

    /** The catalogue's direction; where it has none, that of the check for over-optimisation. */
    static Better better(String metric) {
        return OverOptimisation.better(metric).orElseGet(() -> MetricCatalogue.find(metric, List.of(Group.HELD_OUT))
                .map(MetricCatalogue.Metric::better)
                .orElse(Better.NEITHER));
    }

    /** The rows of a verdict that were not rewarded, nor repeat one that was: adherence is what rule-adherence computes. */
    List<Row> unrewarded(Verdict verdict) {
        boolean repeated =
                ofKind(Kind.REWARDED).stream().anyMatch(row -> row.metric().equals("rule-adherence"));
        return rows.stream()
                .filter(row -> row.kind() != Kind.REWARDED && row.verdict() == verdict)
                .filter(row -> !(repeated && row.metric().equals("adherence")))
                .toList();
    }

    /** The rows of a kind. */
    List<Row> ofKind(Kind kind) {
        return rows.stream().filter(row -> row.kind() == kind).toList();
    }
}
