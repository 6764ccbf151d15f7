/**
 * What a policy plays for prompts it has never seen, judged by what trained it and by what did not.
 *
 * <p>Read first: {@link org.encore.evaluation.policy.HeldOutEvaluation}.
 *
 * <p>Invariants: prompt i is always played with the same random stream, so two checkpoints differ by their weights alone; the
 * measures called referee are never rewarded.
 *
 * <p>To add a measure, add it to {@link org.encore.evaluation.policy.PolicyMetrics} and to the glossary.
 */
package org.encore.evaluation.policy;
