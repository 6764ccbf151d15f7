package org.encore.trainer.finetuning;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.evaluation.likelihood.Likelihood.Sums;
import org.encore.evaluation.policy.HeldOutEvaluation;
import org.encore.evaluation.policy.HeldOutEvaluation.Answers;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.learning.DivergedException;
import org.encore.model.parallel.Completion;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.RewardScores;
import org.encore.trainer.finetuning.PolicyImprover.Evidence;
import org.encore.trainer.finetuning.PolicyImprover.PolicyReport;

/**
 * Does the work of a run that grows with its samples: generation, scores, passes and gradients, in the shards of
 * {@code compute.shards}. What decides is left to the caller: mixture, advantages, optimisers, the order of sums.
 *
 * <p>Item j of a list is the work of shard j modulo their number, and a result depends on nothing else: so any implementation gives
 * the bits of any other. {@link LocalWorkers} computes in this process, {@link SplitWorkers} in the processes of a cluster.
 */
interface Workers extends AutoCloseable {
    /**
     * Generates a completion of each prompt with the current policy, and scores them.
     *
     * @param mixture scores in its present state
     * @param timings receives the phases {@code generate} and {@code reward}
     * @throws org.encore.rewards.RewardFailure if a reward fails, under {@code onRewardFailure: stop}
     * @throws DivergedException if a log-probability is not finite
     */
    Takes take(Draw draw, Mixture mixture, Timings timings, IntConsumer completed);

    /** Log-probability of each step under the reference: a table {@code [B, T]} for each micro-batch. */
    List<double[][]> referenceLogProbs(Cut cut);

    /**
     * {@link #referenceLogProbs} without guidance: of sequences whose text is hidden, the null condition alone.
     */
    List<double[][]> unguidedLogProbs(Cut cut);

    /**
     * Scores clips that are not whole completions of the policy.
     *
     * @param prompts of the clips
     * @param codes of each clip
     * @param mixture scores in its present state
     */
    RewardScores scores(List<Prompt> prompts, List<int[][]> codes, Mixture mixture);

    /** The value network's prediction before each step: a table {@code [B, T]} for each micro-batch. */
    List<double[][]> values(Cut cut);

    /** Adds the gradient of the policy to that of {@link Networks#policy}; a report for each micro-batch. */
    List<PolicyReport> accumulatePolicy(Cut cut, Evidence evidence, int stepsInBatch);

    /** Adds the gradient of the value network to that of {@link Networks#critic}; the loss of each micro-batch. */
    List<Double> accumulateValue(Cut cut, double[][] valuesAtSampling, double[][] returns, int stepsInBatch);

    /** Sums over the codes of known pieces under the policy, by shard. */
    List<Sums> likelihood(Cut cut);

    /** Sums over codes of the KL of the policy from the reference, in nats, by shard. */
    List<Double> divergence(Cut cut);

    /** The policy as a model of known codes. */
    CodeModel policyCodes();

    /** The reference as a model of known codes. */
    CodeModel referenceCodes();

    /** Metrics of the work since the last call, by name; none where there is nothing but this process. */
    default Map<String, Double> metrics() {
        return Map.of();
    }

    @Override
    void close();

    /**
     * What to generate.
     *
     * @param prompts a completion is generated for each
     * @param indices the index of each in its iteration or evaluation, which its random stream is a function of
     * @param evaluates whether it is for an evaluation, up to its length and with its randomness
     * @param iteration number of the iteration: counted from 1, and 0 and below for the warm-up of a value network; an evaluation has
     *     none
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Draw(List<Prompt> prompts, int[] indices, boolean evaluates, long iteration) {
        /** All completions of an iteration. */
        static Draw ofIteration(List<Prompt> prompts, long iteration) {
            return new Draw(List.copyOf(prompts), StepTables.range(prompts.size()), false, iteration);
        }

        /** All completions of an evaluation. */
        static Draw ofEvaluation(List<Prompt> prompts) {
            return new Draw(List.copyOf(prompts), StepTables.range(prompts.size()), true, 0);
        }

        /** Some of the completions. */
        Draw only(int[] items) {
            return new Draw(
                    Arrays.stream(items).mapToObj(prompts::get).toList(),
                    Arrays.stream(items).map(i -> indices[i]).toArray(),
                    evaluates,
                    iteration);
        }

        /** Randomness of a completion. */
        RandomGenerator stream(RandomStreams streams, int position) {
            int index = indices[position];
            return evaluates
                    ? streams.stream(Purpose.EVALUATION, index)
                    : streams.stream(Purpose.SAMPLING, iteration, index);
        }
    }

    /**
     * Completions with what is known about them, in the order of the prompts.
     *
     * @param confounders of each sample of an iteration, see {@link
     *     org.encore.evaluation.forensics.SampleLine.Confounders}; none in the evaluation
     */
    record Takes(
            List<Sample> samples,
            List<Completion> completions,
            RewardScores scores,
            List<Map<String, Double>> confounders) {
        /** Checks what was generated, before anything is built on it. */
        static void requireFinite(List<Completion> completions) {
            for (int b = 0; b < completions.size(); b++) {
                double[] logProbs = completions.get(b).logProbs();
                for (int t = 0; t < logProbs.length; t++) {
                    if (!Double.isFinite(logProbs[t])) {
                        throw new DivergedException("the log-probability of the policy is " + logProbs[t] + " at step "
                                + t + " of sample " + b);
                    }
                }
            }
        }
    }

    /**
     * The policy as the evaluation sees it.
     *
     * @param pieces the known pieces of the evaluation
     */
    record Evaluated(Workers workers, Mixture mixture, Cut pieces, Clock clock) implements HeldOutEvaluation.Subject {
        @Override
        public Answers answer(List<Prompt> prompts, IntConsumer completed) {
            Takes takes = workers.take(Draw.ofEvaluation(prompts), mixture, new Timings(clock), completed);
            return new Answers(takes.samples(), takes.scores());
        }

        @Override
        public double lossPerCode(List<CodeBatcher.MicroBatch> known) {
            return Sums.of(workers.likelihood(new Cut(pieces.sequences(), known)))
                    .perCode();
        }
    }

    /**
     * Sequences, and the micro-batches that they were cut into.
     *
     * @param sequences the members of micro-batches are indices of this list
     */
    record Cut(List<CodeSequence> sequences, List<CodeBatcher.MicroBatch> microBatches) {
        /** Of nothing. */
        static final Cut NONE = new Cut(List.of(), List.of());

        /** Cuts sequences by length. */
        static Cut of(CodeBatcher batcher, List<CodeSequence> sequences, int size) {
            return new Cut(sequences, batcher.cut(sequences, size));
        }

        /** Cuts some of the sequences; members keep their indices. */
        static Cut of(CodeBatcher batcher, List<CodeSequence> sequences, int[] members, int size) {
            List<CodeBatcher.MicroBatch> microBatches = new ArrayList<>();
            List<CodeSequence> chosen =
                    Arrays.stream(members).mapToObj(sequences::get).toList();
            for (CodeBatcher.MicroBatch each : batcher.cut(chosen, size)) {
                int[] renumbered =
                        Arrays.stream(each.members()).map(b -> members[b]).toArray();
                microBatches.add(new CodeBatcher.MicroBatch(each.batch(), renumbered));
            }
            return new Cut(sequences, microBatches);
        }
    }
}
