package org.encore.trainer.finetuning;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.evaluation.forensics.SampleLine;
import org.encore.evaluation.forensics.SampleLine.Confounders;
import org.encore.evaluation.policy.PolicyMetrics;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.parallel.Completion;
import org.encore.music.codec.AudioCodec;
import org.encore.music.text.Prompt;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.RewardScores;
import org.encore.rewards.mixture.RewardScores.MemberScores;
import org.encore.run.MetricsLog;
import org.encore.run.RunDirectory;
import org.encore.trainer.advantages.ValidSteps;

/** The completions of an iteration, with their prompts. */
final class Rollouts {
    private static final Logger LOGGER = LogManager.getLogger(Rollouts.class);

    private final List<Prompt> prompts;
    private final List<Completion> completions;
    private final int[] groups;
    private final ValidSteps steps;
    private final double[][] logProbs;

    /**
     * Collects the rollouts of an iteration.
     *
     * @param prompts the prompt of each sample
     * @param completions the completion of each prompt
     * @param groups index of the prompt of each sample in the iteration
     */
    Rollouts(List<Prompt> prompts, List<Completion> completions, int[] groups) {
        this.prompts = List.copyOf(prompts);
        this.completions = List.copyOf(completions);
        this.groups = groups.clone();
        int[] lengths = completions.stream().mapToInt(Completion::steps).toArray();
        this.steps = new ValidSteps(lengths, Arrays.stream(lengths).max().orElseThrow());
        this.logProbs = steps.table((b, t) -> completions.get(b).logProbs()[t]);
    }

    int count() {
        return completions.size();
    }

    ValidSteps steps() {
        return steps;
    }

    /** Log-probability of each step under the policy that generated it, {@code [B, T]}. */
    double[][] logProbs() {
        return logProbs;
    }

    int[] groups() {
        return groups.clone();
    }

    Prompt prompt(int sample) {
        return prompts.get(sample);
    }

    int[][] codes(int sample) {
        return completions.get(sample).codes();
    }

    /** Whether a sample has no end code, because it reached the longest length; false if the codec has no such code. */
    boolean isCut(int sample, OptionalInt endCode) {
        int[] codes = codes(sample)[0];
        return endCode.isPresent() && (codes.length == 0 || codes[codes.length - 1] != endCode.getAsInt());
    }

    /** Share of the prompts with several scored samples whose scores are all equal; empty if there is no such prompt. */
    OptionalDouble zeroSpread(double[] scores) {
        Map<Integer, DoubleSummaryStatistics> byGroup = new LinkedHashMap<>();
        for (int i = 0; i < scores.length; i++) {
            byGroup.computeIfAbsent(groups[i], group -> new DoubleSummaryStatistics())
                    .accept(scores[i]);
        }
        return byGroup.values().stream()
                .filter(group -> group.getCount() > 1)
                .mapToDouble(group -> group.getMax() == group.getMin() ? 1.0 : 0.0)
                .average();
    }

    /** Number of codes of all samples. */
    int codeCount() {
        return completions.stream()
                .mapToInt(each -> each.codes().length * each.codes()[0].length)
                .sum();
    }

    /** The samples as input of rewards. */
    List<Sample> samples(AudioCodec codec) {
        List<Sample> samples = new ArrayList<>();
        for (int b = 0; b < count(); b++) {
            samples.add(Sample.of(prompts.get(b), codec.decode(codes(b)), codes(b)));
        }
        return samples;
    }

    /** The samples as input of models. */
    List<CodeSequence> sequences() {
        List<CodeSequence> sequences = new ArrayList<>();
        for (int b = 0; b < count(); b++) {
            sequences.add(CodeSequence.of(codes(b), prompts.get(b).text()));
        }
        return sequences;
    }

    /** Only some of the completion of each prompt, in the order given. */
    Rollouts only(int[] members) {
        return new Rollouts(
                Arrays.stream(members).mapToObj(prompts::get).toList(),
                Arrays.stream(members).mapToObj(completions::get).toList(),
                Arrays.stream(members).map(b -> groups[b]).toArray());
    }

    /** Logs one line per reward with skipped failures. */
    static void logFailures(RewardScores rewardScores, long step) {
        Map<String, List<RewardFailure>> failures = new LinkedHashMap<>();
        rewardScores.failures().forEach(failure -> failures.computeIfAbsent(failure.id(), id -> new ArrayList<>())
                .add(failure));
        failures.values()
                .forEach(each -> LOGGER.warn(
                        "step {}: {}; skipped{}",
                        step,
                        each.get(0).getMessage(),
                        each.size() == 1 ? "" : ", and " + (each.size() - 1) + " more failures of it"));
    }

    /** Writes {@code samples.jsonl}: a line for each sample of each iteration, for reward forensics. */
    static final class SampleLog implements AutoCloseable {
        private final MetricsLog log;

        private SampleLog(MetricsLog log) {
            this.log = log;
        }

        /** Opens the file and continues after {@code step}; at step 0 it starts anew. */
        static SampleLog open(RunDirectory run, long step) throws IOException {
            return new SampleLog(MetricsLog.resume(run.sampleMetrics(), step == 0 ? -1 : step));
        }

        /** Writes what is known about the completion of each prompt of an iteration. */
        void write(long step, List<Sample> samples, RewardScores rewardScores) throws IOException {
            Map<String, double[]> referee = PolicyMetrics.referee(samples);
            for (int i = 0; i < samples.size(); i++) {
                Map<String, Double> rewards = new LinkedHashMap<>();
                for (MemberScores member : rewardScores.members()) {
                    if (!member.abstains(i)) {
                        rewards.put(member.id(), member.raw(i));
                    }
                }
                Sample sample = samples.get(i);
                SampleLine line = new SampleLine(
                        step, i, sample.prompt().text(), rewards, Confounders.of(sample), metricsOf(referee, i));
                log.write(step, line.fields());
            }
        }

        private static Map<String, Double> metricsOf(Map<String, double[]> columns, int sample) {
            Map<String, Double> metrics = new LinkedHashMap<>();
            columns.forEach((name, values) -> {
                if (Double.isFinite(values[sample])) {
                    metrics.put(name, values[sample]);
                }
            });
            return metrics;
        }

        @Override
        public void close() throws IOException {
            log.close();
        }
    }
}
