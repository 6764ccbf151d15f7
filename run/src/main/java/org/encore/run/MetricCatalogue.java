package org.encore.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Every metric that a run writes: its name, unit and meaning.
 *
 * <p>The entries are in {@code metrics.tsv} beside this class, one line each. docs/metrics.md is generated from them, and a
 * test compares them with what runs write.
 */
public final class MetricCatalogue {
    /** {@code objective/scores}. */
    public static final String SCORES = "objective/scores";

    /** {@code objective/kl}. */
    public static final String KL = "objective/kl";

    /** {@code kl/exact}. */
    public static final String KL_PER_CODE = "kl/exact";

    /** {@code perf/codes_per_s}. */
    public static final String CODES_PER_SECOND = "perf/codes_per_s";

    /** {@code profile/warning}. */
    public static final String PROFILE_WARNING = "profile/warning";

    /** {@code loss/train}. */
    public static final String TRAINING_LOSS = "loss/train";

    /** {@code loss/held_out}. */
    public static final String HELD_OUT_LOSS = "loss/held_out";

    private static final String RESOURCE = "metrics.tsv";
    private static final int COLUMNS = 6;

    private static final List<Metric> METRICS = read();

    private MetricCatalogue() {}

    /** Whether higher or lower values are better. */
    public enum Better {
        HIGHER,
        LOWER,
        NEITHER
    }

    /** Metrics that are written together. */
    public enum Group {
        SCORES("Scores", "`train`, each iteration"),
        POLICY("Policy", "`train`, each iteration"),
        UPDATES(
                "Value network and updates",
                "`train`, each iteration; `lr` and `updates_skipped` also `pretrain` and" + " `preferences train`"),
        PROGRESS(
                "Progress and speed",
                "`train`, each iteration; `perf/codes_per_s` and `timing_s/step` also `pretrain`"),
        CLUSTER("Cluster", "`train --cluster`, each iteration; [cluster.md](cluster.md) has the arithmetic"),
        PROFILE(
                "Loss-curve profile",
                "`train`, every `evaluation.profile.every` iterations and after the last one; formulas in"
                        + " [profiles.md](profiles.md#regions)"),
        PRETRAINING(
                "Pretraining",
                "`pretrain`, each step; `loss/train` and `grad_norm` also `preferences train`; `loss/held_out` at step 0 and"
                        + " every `evaluation.every` steps"),
        CODEC(
                "Neural codecs",
                "`pretrain` of a codec: losses and codebooks each step, with `grad_norm`, `lr`, `updates_skipped` and"
                        + " `timing_s/step`; what is held out every `evaluation.every` steps; distances also as `codec` of"
                        + " `summary.json` and by `codec evaluate`"),
        PREFERENCES(
                "Preference models",
                "`preferences train` with a network, every `learner.every` steps, on held-out votes"),
        DURING(
                "Held-out evaluation while training",
                "`train` with `evaluation.every`: at step 0, every so many iterations and after the last one; values of each prompt in"
                        + " `evaluations/step-N.json`"),
        HELD_OUT(
                "Held-out evaluation",
                "`train`, before and after: `evaluation-before.json`, and `evaluation.before` and `evaluation.after` of"
                        + " `summary.json`"),
        SAMPLES(
                "Single samples",
                "`train`, each sample of each iteration, as `confounders` of `samples.jsonl`, with `seconds`,"
                        + " `notes_per_second` and `repetition` of the held-out evaluation"),
        SUMMARY("`summary.json`", "`train` and `pretrain`, at the end; `--json` prints the same");

        private final String title;
        private final String writers;

        Group(String title, String writers) {
            this.title = title;
            this.writers = writers;
        }

        /** Heading of its table, in Markdown. */
        public String title() {
            return title;
        }

        /** The commands that write it, and when, in Markdown. */
        public String writers() {
            return writers;
        }
    }

    /**
     * One metric, or several that differ in one word.
     *
     * @param name as it is written; {@code <reward>}, {@code <aspect>} and {@code <executor>} stand for a word
     * @param group the group that it is written with
     * @param unit its unit or its range; empty if it has none
     * @param better which values are better
     * @param definition its definition, in Markdown
     * @param elsewhere its name in other frameworks, in Markdown; may be empty
     */
    public record Metric(String name, Group group, String unit, Better better, String definition, String elsewhere) {
        /** Whether a written name belongs to this metric. */
        public boolean covers(String written) {
            return written.matches(("\\Q" + name + "\\E").replaceAll("<\\w+>", "\\\\E.+\\\\Q"));
        }
    }

    /** All metrics, in the order of the page. */
    public static List<Metric> all() {
        return METRICS;
    }

    /** Finds the metric of a written name in some groups; an exact name first, then the longest pattern. */
    public static Optional<Metric> find(String written, List<Group> groups) {
        return METRICS.stream()
                .filter(metric -> groups.contains(metric.group()) && metric.covers(written))
                .max(Comparator.comparing((Metric metric) -> metric.name().equals(written))
                        .thenComparing(metric -> metric.name().length()));
    }

    private static List<Metric> read() {
        try (InputStream in = MetricCatalogue.class.getResourceAsStream(RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(MetricCatalogue::metric)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Metric metric(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != COLUMNS) {
            throw new IllegalStateException(
                    RESOURCE + " has " + cells.length + " cells instead of " + COLUMNS + " in the line: " + line);
        }
        return new Metric(
                cells[0],
                Group.valueOf(cells[1].toUpperCase(Locale.ROOT)),
                cells[2],
                Better.valueOf(cells[3].toUpperCase(Locale.ROOT)),
                cells[4],
                cells[5]);
    }
}
