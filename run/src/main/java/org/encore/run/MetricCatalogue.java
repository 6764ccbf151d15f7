package org.encore.run;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Every metric that a run writes: its name, unit and meaning. docs/metrics.md is generated from it, and a test compares it with
 * what runs write.
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

    private static final List<Metric> METRICS = List.of(
            new Metric(
                    SCORES,
                    Group.SCORES,
                    "reward",
                    Better.HIGHER,
                    "Mean total of the mixture over the samples that are learned from.",
                    "TRL `objective/scores`"),
            new Metric(
                    "objective/scores_std",
                    Group.SCORES,
                    "reward",
                    Better.NEITHER,
                    "Population standard deviation of the same totals.",
                    "TRL (GRPO) `reward_std`"),
            new Metric(
                    "objective/rlhf_reward",
                    Group.SCORES,
                    "reward",
                    Better.HIGHER,
                    "`objective/scores - kl/coef · objective/kl`: comparable between runs; with `exact-in-loss` it is not what is optimised.",
                    "TRL `objective/rlhf_reward`"),
            new Metric(
                    "rewards/<reward>/raw_mean",
                    Group.SCORES,
                    "its own",
                    Better.HIGHER,
                    "Mean of what the reward returned, over all samples it did not abstain from; missing if it abstained from all.",
                    ""),
            new Metric(
                    "rewards/<reward>/mean",
                    Group.SCORES,
                    "reward",
                    Better.HIGHER,
                    "The same after normalising and clipping, before the weight.",
                    "TRL (GRPO) `rewards/<name>/mean`"),
            new Metric(
                    "rewards/<reward>/std",
                    Group.SCORES,
                    "reward",
                    Better.NEITHER,
                    "Population standard deviation of the normalised scores.",
                    "TRL (GRPO) `rewards/<name>/std`"),
            new Metric(
                    "rewards/<reward>/weighted_mean",
                    Group.SCORES,
                    "reward",
                    Better.HIGHER,
                    "Mean contribution to the total, 0 where it abstained, over samples that have a total; these add up to the mean total of all scored samples.",
                    ""),
            new Metric(
                    "rewards/<reward>/abstained",
                    Group.SCORES,
                    "share",
                    Better.NEITHER,
                    "Share of all samples that it abstained from.",
                    ""),
            new Metric(
                    "rewards/<reward>/failures",
                    Group.SCORES,
                    "count",
                    Better.LOWER,
                    "Breaches of contract that were skipped; always 0 with `onRewardFailure: stop`.",
                    ""),
            new Metric(
                    "reward/weight/<reward>",
                    Group.SCORES,
                    "factor",
                    Better.NEITHER,
                    "Weight times schedule, before the weight of abstaining rewards is shared out.",
                    ""),
            new Metric(
                    KL,
                    Group.POLICY,
                    "nats a sequence",
                    Better.LOWER,
                    "Exact KL from the reference, summed over a sequence, mean over sequences.",
                    "TRL `objective/kl`, which is k1"),
            new Metric(
                    "objective/entropy",
                    Group.POLICY,
                    "nats a code",
                    Better.NEITHER,
                    "Mean entropy of the policy.",
                    "TRL `objective/entropy`, a sum over a sequence of -log π"),
            new Metric(
                    KL_PER_CODE,
                    Group.POLICY,
                    "nats a code",
                    Better.LOWER,
                    "Exact KL over the whole vocabulary, mean over codes.",
                    ""),
            new Metric(
                    "kl/k1",
                    Group.POLICY,
                    "nats a code",
                    Better.NEITHER,
                    "Estimate `log π - log π₀` along the samples; may be negative.",
                    "what most frameworks log as KL"),
            new Metric("kl/k2", Group.POLICY, "nats a code", Better.NEITHER, "Estimate `(log π - log π₀)² / 2`.", ""),
            new Metric(
                    "kl/k3",
                    Group.POLICY,
                    "nats a code",
                    Better.NEITHER,
                    "Estimate `π₀/π - 1 - log(π₀/π)`.",
                    "verl `low_var_kl`"),
            new Metric(
                    "loss/policy_avg",
                    Group.POLICY,
                    "loss",
                    Better.NEITHER,
                    "Loss of the policy objective, mean over the iteration's updates; KL and entropy bonus are not in it.",
                    "TRL `loss/policy_avg`"),
            new Metric(
                    "policy/approxkl_avg",
                    Group.POLICY,
                    "nats a step",
                    Better.NEITHER,
                    "`(log ρ)² / 2`, ρ being the ratio to the policy that generated; mean over the steps of all updates.",
                    "TRL `policy/approxkl_avg`"),
            new Metric(
                    "policy/clipfrac_avg",
                    Group.POLICY,
                    "share",
                    Better.NEITHER,
                    "Share of steps whose gradient the objective clipped, mean over all updates.",
                    "TRL `policy/clipfrac_avg`"),
            new Metric(
                    "val/ratio",
                    Group.POLICY,
                    "ratio",
                    Better.NEITHER,
                    "Mean ρ over the steps of all updates.",
                    "TRL `val/ratio`"),
            new Metric(
                    "policy/logprob_gap_max",
                    Group.POLICY,
                    "nats",
                    Better.LOWER,
                    "Largest difference between a step's log-probability in training and in generation, in the first mini-batch: a check that both agree.",
                    ""),
            new Metric(
                    "loss/value_avg",
                    Group.UPDATES,
                    "reward²",
                    Better.LOWER,
                    "Loss of the value objective, mean over updates; missing without a value network.",
                    "TRL `loss/value_avg` has a factor ½"),
            new Metric(
                    "val/explained_variance",
                    Group.UPDATES,
                    "share",
                    Better.HIGHER,
                    "`1 - var(R - V) / var(R)` with the values before the updates: 1 is perfect, 0 as good as a constant; null without a value network.",
                    "verl `critic/vf_explained_var`"),
            new Metric(
                    "grad_norm/value",
                    Group.UPDATES,
                    "norm",
                    Better.NEITHER,
                    "Norm of the value network's gradient before clipping, last update; missing without a value network.",
                    ""),
            new Metric(
                    "grad_norm/policy",
                    Group.UPDATES,
                    "norm",
                    Better.NEITHER,
                    "Norm of the policy's gradient before clipping, last update; missing while only the value network learns.",
                    ""),
            new Metric(
                    "lr",
                    Group.UPDATES,
                    "rate",
                    Better.NEITHER,
                    "Learning rate of the last update, schedule applied; in fine-tuning that of the policy.",
                    "TRL `lr`"),
            new Metric(
                    "updates_skipped",
                    Group.UPDATES,
                    "count",
                    Better.LOWER,
                    "Updates, of the policy and of the value network, that were skipped because their gradient was not finite.",
                    ""),
            new Metric(
                    "kl/coef",
                    Group.UPDATES,
                    "factor",
                    Better.NEITHER,
                    "KL coefficient of the iteration.",
                    "TRL (older) `objective/kl_coef`"),
            new Metric(
                    "episode",
                    Group.PROGRESS,
                    "samples",
                    Better.NEITHER,
                    "Samples generated since the start of the run.",
                    "TRL `episode`"),
            new Metric(
                    "rollout/steps_mean",
                    Group.PROGRESS,
                    "steps",
                    Better.NEITHER,
                    "Mean length of the samples that are learned from.",
                    ""),
            new Metric(
                    "perf/generate_codes_per_s",
                    Group.PROGRESS,
                    "codes/s",
                    Better.HIGHER,
                    "Codes generated, divided by `timing_s/generate`.",
                    ""),
            new Metric(
                    CODES_PER_SECOND,
                    Group.PROGRESS,
                    "codes/s",
                    Better.HIGHER,
                    "Codes of the samples or pieces, divided by `timing_s/step`.",
                    "throughput of verl counts prompts too"),
            new Metric("timing_s/generate", Group.PROGRESS, "s", Better.LOWER, "Reading prompts and generating.", ""),
            new Metric(
                    "timing_s/reward", Group.PROGRESS, "s", Better.LOWER, "Scoring, rendering of sound included.", ""),
            new Metric(
                    "timing_s/advantages",
                    Group.PROGRESS,
                    "s",
                    Better.LOWER,
                    "Values, the reference where the reward needs it, and advantages.",
                    ""),
            new Metric(
                    "timing_s/update_value",
                    Group.PROGRESS,
                    "s",
                    Better.LOWER,
                    "Forward, backward and update of the value network; missing without one.",
                    ""),
            new Metric(
                    "timing_s/update_policy",
                    Group.PROGRESS,
                    "s",
                    Better.LOWER,
                    "Reference, forward, backward and update of the policy.",
                    ""),
            new Metric(
                    "timing_s/step",
                    Group.PROGRESS,
                    "s",
                    Better.LOWER,
                    "Sum of the phases of an iteration; in pretraining one update. Decoding, files and checkpoints are not in it.",
                    ""),
            new Metric(
                    "profile/peak",
                    Group.PROFILE,
                    "nats a code",
                    Better.NEITHER,
                    "Mean Δ from the onset of the damage until it comes down to 0.",
                    ""),
            new Metric(
                    "profile/assimilation",
                    Group.PROFILE,
                    "nats a code",
                    Better.NEITHER,
                    "Mean Δ of the rest of the damage.",
                    ""),
            new Metric(
                    "profile/recovery", Group.PROFILE, "nats a code", Better.NEITHER, "Mean Δ behind the damage.", ""),
            new Metric(
                    "profile/recovery_codes",
                    Group.PROFILE,
                    "codes",
                    Better.LOWER,
                    "Codes behind the damage until Δ stays near 0, or to the end of the piece.",
                    ""),
            new Metric(
                    "profile/outside",
                    Group.PROFILE,
                    "0 to 4",
                    Better.LOWER,
                    "How many of these four are outside of the reference's 95 % intervals.",
                    ""),
            new Metric(
                    PROFILE_WARNING,
                    Group.PROFILE,
                    "0 or 1",
                    Better.LOWER,
                    "1 if some are outside while the mean score since the last profile is above that of the iterations before.",
                    ""),
            new Metric(
                    "timing_s/profile", Group.PROFILE, "s", Better.LOWER, "The profile; not in `timing_s/step`.", ""),
            new Metric(
                    TRAINING_LOSS,
                    Group.PRETRAINING,
                    "nats",
                    Better.LOWER,
                    "Pretraining: mean loss of a code, captions partly hidden. Preferences: mean loss of a vote, ties included.",
                    ""),
            new Metric(
                    HELD_OUT_LOSS,
                    Group.PRETRAINING,
                    "nats a code",
                    Better.LOWER,
                    "The same on held-out pieces, all captions shown, nothing dropped.",
                    ""),
            new Metric(
                    "grad_norm",
                    Group.PRETRAINING,
                    "norm",
                    Better.NEITHER,
                    "Norm of the gradient of all parameters before clipping.",
                    ""),
            new Metric(
                    "rm/accuracy",
                    Group.PREFERENCES,
                    "share",
                    Better.HIGHER,
                    "Strict held-out votes whose margin is above 0; margin 0 counts one half.",
                    ""),
            new Metric(
                    "rm/margin",
                    Group.PREFERENCES,
                    "nats",
                    Better.HIGHER,
                    "Mean margin: score of the preferred clip minus that of the other.",
                    ""),
            new Metric(
                    "rm/log_loss",
                    Group.PREFERENCES,
                    "nats",
                    Better.LOWER,
                    "Mean of `-log sigmoid(margin)`; log 2 = 0.6931 is chance.",
                    ""),
            new Metric(
                    "rm/calibration_ece",
                    Group.PREFERENCES,
                    "share",
                    Better.LOWER,
                    "Expected calibration error in ten bins between 0.5 and 1.",
                    ""),
            new Metric(
                    "rm/train_accuracy",
                    Group.PREFERENCES,
                    "share",
                    Better.HIGHER,
                    "As `rm/accuracy`, on the step's own votes before its update.",
                    ""),
            new Metric(
                    "<reward>",
                    Group.HELD_OUT,
                    "its own",
                    Better.HIGHER,
                    "Mean of what the reward returned, neither normalised nor weighted; missing if it abstained from all samples.",
                    ""),
            new Metric(
                    "rewards/<reward>",
                    Group.HELD_OUT,
                    "its own",
                    Better.HIGHER,
                    "The same for a reward whose id is one of the names below.",
                    ""),
            new Metric(
                    "adherence",
                    Group.HELD_OUT,
                    "[0, 1]",
                    Better.HIGHER,
                    "Mean score over the aspects that the prompt mentions, over samples whose prompt mentions one.",
                    ""),
            new Metric(
                    "adherence/<aspect>",
                    Group.HELD_OUT,
                    "[0, 1]",
                    Better.HIGHER,
                    "Mean score of one aspect, over samples whose prompt mentions it: `style`, `instruments`, `tempo`, `mode`, `texture`, `density`, `meter`.",
                    ""),
            new Metric(
                    "consonance",
                    Group.HELD_OUT,
                    "[0, 1]",
                    Better.NEITHER,
                    "Consonant time over all time in which two notes sound together; 1 if none do.",
                    ""),
            new Metric(
                    "in_key",
                    Group.HELD_OUT,
                    "[0, 1]",
                    Better.NEITHER,
                    "Share of the notes, drums apart, in the major scale that holds most of them; 1 without notes.",
                    "scale consistency (Mogren 2016)"),
            new Metric(
                    "empty_beats",
                    Group.HELD_OUT,
                    "[0, 1]",
                    Better.NEITHER,
                    "Share of the beats up to the end of the last note in which nothing sounds.",
                    "empty bars (Dong et al. 2018)"),
            new Metric(
                    "metre_clarity",
                    Group.HELD_OUT,
                    "[0, 1]",
                    Better.NEITHER,
                    "Mean metrical strength of the places where notes start.",
                    ""),
            new Metric(
                    "repetition",
                    Group.HELD_OUT,
                    "[0, 1]",
                    Better.NEITHER,
                    "Share of four successive moves of the upper line that occurred before in the piece.",
                    ""),
            new Metric("notes_per_second", Group.HELD_OUT, "1/s", Better.NEITHER, "Notes over sounding length.", ""),
            new Metric("seconds", Group.HELD_OUT, "s", Better.NEITHER, "Length up to the end of the last note.", ""),
            new Metric(
                    "diversity",
                    Group.HELD_OUT,
                    "[0, 1]",
                    Better.HIGHER,
                    "Mean distance between two samples, over histograms of pitch class, octave, interval, place in the bar, duration and timbre; falls when the policy collapses.",
                    ""),
            new Metric(
                    "held_out_loss",
                    Group.HELD_OUT,
                    "nats a code",
                    Better.LOWER,
                    "Mean loss of held-out pieces under their captions, at temperature 1: `loss/held_out` of pretraining.",
                    ""),
            new Metric(
                    "notes_loudness_db",
                    Group.SAMPLES,
                    "dB",
                    Better.NEITHER,
                    "`10 log10` of the mean over time of the sum of `(velocity / 127)²` of the notes that sound, at least -60.",
                    ""),
            new Metric(
                    "notes_silence",
                    Group.SAMPLES,
                    "share",
                    Better.NEITHER,
                    "Share of the time up to the end of the last note in which none sounds; 1 without notes.",
                    ""),
            new Metric(
                    "mean_pitch",
                    Group.SAMPLES,
                    "MIDI key",
                    Better.NEITHER,
                    "Register: mean key of the notes, drums left out.",
                    ""),
            new Metric(
                    "sound_loudness_db",
                    Group.SAMPLES,
                    "dB",
                    Better.NEITHER,
                    "`10 log10` of the mean square of the sound, at least -60; only where a reward has rendered it.",
                    ""),
            new Metric(
                    "sound_silence",
                    Group.SAMPLES,
                    "share",
                    Better.NEITHER,
                    "Share of stretches of 50 ms whose mean square is below -60 dB; likewise.",
                    ""),
            new Metric(
                    "iterations",
                    Group.SUMMARY,
                    "count",
                    Better.NEITHER,
                    "`train`: iterations, those before an interruption included.",
                    ""),
            new Metric(
                    "steps",
                    Group.SUMMARY,
                    "count",
                    Better.NEITHER,
                    "`pretrain`: updates, those before an interruption included.",
                    ""),
            new Metric(
                    "wall_s",
                    Group.SUMMARY,
                    "s",
                    Better.LOWER,
                    "Duration of this process; a resumed run counts from its resumption.",
                    ""),
            new Metric("run", Group.SUMMARY, "path", Better.NEITHER, "The run directory.", ""),
            new Metric("checkpoint", Group.SUMMARY, "path", Better.NEITHER, "The last checkpoint.", ""),
            new Metric(
                    "evaluation.prompts",
                    Group.SUMMARY,
                    "count",
                    Better.NEITHER,
                    "`train`: held-out prompts of both measurements.",
                    ""),
            new Metric(
                    "evaluation.before",
                    Group.SUMMARY,
                    "",
                    Better.NEITHER,
                    "`train`: the held-out metrics of the initial model.",
                    ""),
            new Metric(
                    "evaluation.after",
                    Group.SUMMARY,
                    "",
                    Better.NEITHER,
                    "`train`: the same of the fine-tuned policy.",
                    ""),
            new Metric(
                    "evaluation.difference",
                    Group.SUMMARY,
                    "",
                    Better.NEITHER,
                    "`train`: of each metric of single samples the mean over prompts of after minus before (`value`), with its 95 % bootstrap interval over prompts, 2000 resamples (`low`, `high`).",
                    ""),
            new Metric(
                    "evaluation.kl_per_token",
                    Group.SUMMARY,
                    "nats a code",
                    Better.LOWER,
                    "`train`: exact KL along the held-out samples of the fine-tuned policy, at temperature 1.",
                    ""),
            new Metric(
                    "evaluation.kl_per_sequence",
                    Group.SUMMARY,
                    "nats a sequence",
                    Better.LOWER,
                    "`train`: the same summed over a sequence, mean over sequences.",
                    ""),
            new Metric(
                    "evaluation.over_optimisation",
                    Group.SUMMARY,
                    "text",
                    Better.NEITHER,
                    "`train`: one sentence, only where a reward that was trained on rose while `adherence`, `consonance` or `in_key` fell or `empty_beats` rose, all with intervals that leave out 0; a metric that is itself rewarded does not count.",
                    ""),
            new Metric(
                    "alarms",
                    Group.SUMMARY,
                    "text",
                    Better.NEITHER,
                    "`train`: the alarms of `encore forensics`, one sentence each.",
                    ""),
            new Metric("model", Group.SUMMARY, "path", Better.NEITHER, "`pretrain`: the exported model.", ""),
            new Metric("parameters", Group.SUMMARY, "count", Better.NEITHER, "`pretrain`: number of weights.", ""),
            new Metric(
                    "kept_step",
                    Group.SUMMARY,
                    "count",
                    Better.NEITHER,
                    "`pretrain`: the step whose weights were kept: the last, or with `evaluation.patience` the best.",
                    ""),
            new Metric(
                    "held_out_loss_with_end",
                    Group.SUMMARY,
                    "nats a code",
                    Better.LOWER,
                    "`pretrain`: `held_out_loss` with the nats of codes that only mark an end, divided by the same number of codes.",
                    ""),
            new Metric(
                    "held_out_codes",
                    Group.SUMMARY,
                    "count",
                    Better.NEITHER,
                    "`pretrain`: the codes that `held_out_loss` is the mean of.",
                    ""),
            new Metric(
                    "test_loss",
                    Group.SUMMARY,
                    "nats a code",
                    Better.LOWER,
                    "`pretrain`: the loss of pieces that nothing was chosen by, where the corpus has some; measured once, at the end.",
                    ""),
            new Metric(
                    "test_codes",
                    Group.SUMMARY,
                    "count",
                    Better.NEITHER,
                    "`pretrain`: the codes that `test_loss` is the mean of.",
                    ""),
            new Metric(
                    "test_loss_with_end",
                    Group.SUMMARY,
                    "nats a code",
                    Better.LOWER,
                    "`pretrain`: as `held_out_loss_with_end`, of the test pieces.",
                    ""));

    private MetricCatalogue() {}

    /** Which values of a metric are better. */
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
        PROFILE(
                "Loss-curve profile",
                "`train`, every `evaluation.profile.every` iterations and after the last one; formulas in"
                        + " [profiles.md](profiles.md#regions)"),
        PRETRAINING(
                "Pretraining",
                "`pretrain`, each step; `loss/train` and `grad_norm` also `preferences train`; `loss/held_out` at step 0 and"
                        + " every `evaluation.every` steps"),
        PREFERENCES(
                "Preference models",
                "`preferences train` with a network, every `learner.every` steps, on held-out votes"),
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
     * @param name as it is written; {@code <reward>} and {@code <aspect>} stand for a word
     * @param group what it is written with
     * @param unit its unit or its range; empty if it has none
     * @param better which values are better
     * @param definition what it is, in Markdown
     * @param elsewhere what other frameworks call it, in Markdown; empty if nothing
     */
    public record Metric(String name, Group group, String unit, Better better, String definition, String elsewhere) {
        /** Whether a name is this one, or one of these. */
        public boolean covers(String written) {
            return written.matches(("\\Q" + name + "\\E").replaceAll("<\\w+>", "\\\\E.+\\\\Q"));
        }
    }

    /** All metrics, in the order of the page. */
    public static List<Metric> all() {
        return METRICS;
    }

    /** The metric that a name is, among those of some groups; the one with the longest name where several cover it. */
    public static Optional<Metric> find(String written, List<Group> groups) {
        return METRICS.stream()
                .filter(metric -> groups.contains(metric.group()) && metric.covers(written))
                .max(Comparator.comparing((Metric metric) -> metric.name().equals(written))
                        .thenComparing(metric -> metric.name().length()));
    }
}
