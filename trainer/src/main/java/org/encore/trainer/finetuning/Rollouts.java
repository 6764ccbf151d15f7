package org.encore.trainer.finetuning;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.evaluation.forensics.SampleLine;
import org.encore.evaluation.forensics.SampleLine.Confounders;
import org.encore.evaluation.policy.PolicyMetrics;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.parallel.Completion;
import org.encore.music.codec.AudioCodec;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.RewardScores;
import org.encore.rewards.mixture.RewardScores.MemberScores;
import org.encore.run.MetricsLog;
import org.encore.run.RunDirectory;
import org.encore.trainer.advantages.ValidSteps;

/** What the policy played in an iteration, with the prompts it played for. */
final class Rollouts {
    private final List<Prompt> prompts;
    private final List<Completion> played;
    private final int[] groups;
    private final ValidSteps steps;
    private final double[][] logProbs;

    /**
     * Collects.
     *
     * @param prompts the prompt of each sample
     * @param played the samples
     * @param groups number of each sample's prompt in the iteration
     */
    Rollouts(List<Prompt> prompts, List<Completion> played, int[] groups) {
        this.prompts = List.copyOf(prompts);
        this.played = List.copyOf(played);
        this.groups = groups.clone();
        int[] lengths = played.stream().mapToInt(Completion::steps).toArray();
        this.steps = new ValidSteps(lengths, Arrays.stream(lengths).max().orElseThrow());
        this.logProbs = steps.table((b, t) -> played.get(b).logProbs()[t]);
    }

    int count() {
        return played.size();
    }

    ValidSteps steps() {
        return steps;
    }

    /** Log-probability of each step under the policy that sampled it. @shape {@code [B, T]} */
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
        return played.get(sample).codes();
    }

    /** Number of codes of all samples together. */
    int codeCount() {
        return played.stream()
                .mapToInt(each -> each.codes().length * each.codes()[0].length)
                .sum();
    }

    /** The samples as rewards see them. */
    List<Sample> samples(AudioCodec codec) {
        List<Sample> samples = new ArrayList<>();
        for (int b = 0; b < count(); b++) {
            samples.add(Sample.of(prompts.get(b), codec.decode(codes(b)), codes(b)));
        }
        return samples;
    }

    /** The samples as models see them. */
    List<CodeSequence> sequences() {
        List<CodeSequence> sequences = new ArrayList<>();
        for (int b = 0; b < count(); b++) {
            sequences.add(CodeSequence.of(codes(b), prompts.get(b).text()));
        }
        return sequences;
    }

    /** Only some of the samples, in the order given. */
    Rollouts only(int[] members) {
        return new Rollouts(
                Arrays.stream(members).mapToObj(prompts::get).toList(),
                Arrays.stream(members).mapToObj(played::get).toList(),
                Arrays.stream(members).map(b -> groups[b]).toArray());
    }

    /** Writes {@code samples.jsonl}: a line for each sample of each iteration, for the forensics of rewards. */
    static final class SampleLog implements AutoCloseable {
        private final MetricsLog log;

        private SampleLog(MetricsLog log) {
            this.log = log;
        }

        /** Starts the file, or goes on behind {@code step} if it is above 0. */
        static SampleLog open(RunDirectory run, long step) throws IOException {
            return new SampleLog(MetricsLog.resume(run.sampleMetrics(), step == 0 ? -1 : step));
        }

        /** Writes what is known about the samples of an iteration. */
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
                        step, i, sample.prompt().text(), rewards, Confounders.of(sample), figuresOf(referee, i));
                log.write(step, line.fields());
            }
        }

        private static Map<String, Double> figuresOf(Map<String, double[]> columns, int sample) {
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
