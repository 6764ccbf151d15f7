/**
 * What the rewards of a run followed: is a rise better music, or more of something that is easily had?
 *
 * <p>Read first: {@link org.encore.evaluation.forensics.RewardForensics}, then
 * {@link org.encore.evaluation.forensics.RewardForensics.Link}.
 *
 * <p>Legend: raw scores in units of the reward; a confounder is a figure that a reward may follow although it does not
 * make music better; the referee's figures are those that nothing is trained on.
 *
 * <p>Invariants: everything is computed from the lines that a run writes about its samples; the same lines and seed give
 * the same report.
 *
 * <p>To add a confounder, add it to {@link org.encore.evaluation.forensics.SampleLine.Confounders} and to docs/metrics.md.
 */
package org.encore.evaluation.forensics;
