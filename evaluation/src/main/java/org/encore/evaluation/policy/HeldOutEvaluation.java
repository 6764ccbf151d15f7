package org.encore.evaluation.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.evaluation.likelihood.Likelihood;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Workspaces;
import org.encore.music.Piece;
import org.encore.music.analysis.Diversity;
import org.encore.music.codec.AudioCodec;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.RewardScores;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;
import org.encore.statistics.Means;

/** Generates completions for held-out prompts with fixed seeds, and measures them. */
public final class HeldOutEvaluation {
    private final List<Prompt> prompts;
    private final List<CodeBatcher.MicroBatch> pieces;
    private final Mixture mixture;
    private final AudioCodec codec;
    private final RandomStreams streams;

    /**
     * The result of an evaluation.
     *
     * @param samples one for each prompt
     * @param rewardScores their scores
     * @param measured metrics of the completions and of the held-out pieces
     */
    public record Outcome(List<Sample> samples, RewardScores rewardScores, PolicyEvaluation measured) {
        /** All metrics by name. */
        public Map<String, Double> metrics() {
            return measured.metrics();
        }

        /** The samples as sequences of codes. */
        public List<CodeSequence> sequences() {
            return samples.stream()
                    .map(sample -> CodeSequence.of(
                            sample.codes().orElseThrow(), sample.prompt().text()))
                    .toList();
        }
    }

    /**
     * Creates an evaluation.
     *
     * @param prompts held-out prompts
     * @param pieces held-out pieces in micro-batches; without any, their loss is left out
     * @param mixture the rewards
     * @param streams random streams of the run
     */
    public HeldOutEvaluation(
            List<Prompt> prompts,
            List<CodeBatcher.MicroBatch> pieces,
            Mixture mixture,
            AudioCodec codec,
            RandomStreams streams) {
        this.prompts = List.copyOf(prompts);
        this.pieces = List.copyOf(pieces);
        this.mixture = mixture;
        this.codec = codec;
        this.streams = streams;
    }

    /** Number of prompts. */
    public int prompts() {
        return prompts.size();
    }

    /** Measures a policy; {@code generator} must use its weights. */
    public Outcome measure(ParallelGenerator generator, Replicas policy, Workspaces workspaces) {
        List<Completion> takes = generator.generate(
                prompts.stream().map(Prompt::text).toList(), index -> streams.stream(Purpose.EVALUATION, index));
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < takes.size(); i++) {
            int[][] codes = takes.get(i).codes();
            samples.add(Sample.of(prompts.get(i), codec.decode(codes), codes));
        }
        RewardScores rewardScores = mixture.rewardScores(samples);
        Map<String, double[]> bySample = PolicyMetrics.rewards(rewardScores);
        bySample.putAll(PolicyMetrics.referee(samples));
        Map<String, Double> ofAll = new LinkedHashMap<>();
        List<Piece> completions = PolicyMetrics.pieces(samples);
        if (!completions.isEmpty()) {
            ofAll.put(PolicyMetrics.DIVERSITY, Diversity.of(completions));
        }
        if (!pieces.isEmpty()) {
            ofAll.put(PolicyMetrics.HELD_OUT_LOSS, Likelihood.lossPerCode(policy, workspaces, pieces));
        }
        return new Outcome(samples, rewardScores, new PolicyEvaluation(bySample, ofAll));
    }

    /**
     * Metrics of an evaluation.
     *
     * @param bySample metrics of each sample by name, NaN where not defined; sample i is of prompt i
     * @param ofAll metrics of all samples or pieces together
     */
    public record PolicyEvaluation(Map<String, double[]> bySample, Map<String, Double> ofAll) {
        /** All metrics by name: means over samples, then those of all together. */
        public Map<String, Double> metrics() {
            Map<String, Double> metrics = new LinkedHashMap<>();
            bySample.forEach((name, values) -> metrics.put(name, Means.of(values)));
            metrics.putAll(ofAll);
            return metrics;
        }

        /**
         * Difference of each metric of single samples to that of another policy on the same prompts: means of paired
         * differences, with bootstrap intervals over the sources of the prompts.
         *
         * @param sources what each prompt comes from, e.g. a song; prompts of one source vary together
         * @return empty if there is one source alone, which says nothing of others
         */
        public Map<String, Interval> minus(PolicyEvaluation other, List<String> sources, Bootstrap bootstrap) {
            Map<String, Interval> differences = new LinkedHashMap<>();
            if (sources.stream().distinct().count() < 2) {
                return differences;
            }
            bySample.forEach((name, values) -> {
                double[] others = other.bySample.get(name);
                if (others != null && others.length == values.length) {
                    double[] paired = new double[values.length];
                    Arrays.setAll(paired, i -> values[i] - others[i]);
                    differences.put(name, bootstrap.mean(sources, paired));
                }
            });
            return differences;
        }
    }
}
