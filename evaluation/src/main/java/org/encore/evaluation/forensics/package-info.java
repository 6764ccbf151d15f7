/**
 * Reward forensics: does the gain of a reward come from better music, or from a confounder such as loudness or length?
 *
 * <p>Read first: {@link org.encore.evaluation.forensics.RewardForensics}, then
 * {@link org.encore.evaluation.forensics.RewardForensics.Link}.
 *
 * <p>Legend: raw scores in units of the reward; a confounder is a metric that a reward may depend on although it does
 * not make music better; the referee's metrics are not rewarded.
 *
 * <p>Invariants: everything is computed from the run's {@code samples.jsonl}; the same lines and seed give the same
 * report.
 *
 * <p>To add a confounder, add it to {@link org.encore.evaluation.forensics.SampleLine.Confounders} and to
 * docs/metrics.md.
 */
package org.encore.evaluation.forensics;
