package org.encore.trainer.finetuning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.trainer.objective.PolicyFigures;

/**
 * What the policy's pass over samples showed: sums, which add up over micro-batches.
 *
 * @param loss share of the batch's loss of the objective, divergence and entropy not included
 * @param figures shares of the batch's figures
 * @param codes number of codes
 * @param samples number of sequences
 * @param exactKl sum over codes of the exact divergence
 * @param entropy sum over codes
 * @param k1 sum over steps of the estimate
 * @param k2 sum over steps of the estimate
 * @param k3 sum over steps of the estimate
 * @param logProbGap largest difference between a step's log-probability now and as sampled
 */
record PolicyReport(
        double loss,
        PolicyFigures figures,
        int codes,
        int samples,
        double exactKl,
        double entropy,
        double k1,
        double k2,
        double k3,
        double logProbGap) {
    static final PolicyReport NONE = new PolicyReport(0, PolicyFigures.NONE, 0, 0, 0, 0, 0, 0, 0, 0);

    PolicyReport plus(PolicyReport other) {
        return new PolicyReport(
                loss + other.loss,
                figures.plus(other.figures),
                codes + other.codes,
                samples + other.samples,
                exactKl + other.exactKl,
                entropy + other.entropy,
                k1 + other.k1,
                k2 + other.k2,
                k3 + other.k3,
                Math.max(logProbGap, other.logProbGap));
    }

    /** All of some reports together. */
    static PolicyReport sum(List<PolicyReport> reports) {
        return reports.stream().reduce(NONE, PolicyReport::plus);
    }

    /** Divergence from the reference in nats a code. */
    double klPerCode() {
        return exactKl / codes;
    }

    /** Divergence from the reference in nats a sequence. */
    double klPerSequence() {
        return exactKl / samples;
    }

    /**
     * The figures of an iteration under the field's names; divergences a sequence as there, and a code as well.
     *
     * <p>What describes the samples is of all of them, each when it is first gone through: with several mini-batches the
     * policy has moved a little by the last. The gap of log-probabilities is of the first mini-batch, while the policy is
     * still the one that played. What describes the updates is their mean.
     *
     * @param firstEpoch the reports of the first time through all samples
     * @param updates the report of each update, in their order
     */
    static Map<String, Double> named(List<PolicyReport> firstEpoch, List<PolicyReport> updates) {
        PolicyReport first = sum(firstEpoch);
        PolicyReport all = sum(updates);
        int count = updates.size();
        Map<String, Double> named = new LinkedHashMap<>();
        named.put("objective/kl", first.klPerSequence());
        named.put("objective/entropy", first.entropy / first.codes);
        named.put("kl/exact", first.klPerCode());
        named.put("kl/k1", first.k1 / first.codes);
        named.put("kl/k2", first.k2 / first.codes);
        named.put("kl/k3", first.k3 / first.codes);
        named.put("loss/policy_avg", all.loss / count);
        named.putAll(all.figures.over(count).named());
        named.put("policy/logprob_gap_max", updates.get(0).logProbGap);
        return named;
    }
}
