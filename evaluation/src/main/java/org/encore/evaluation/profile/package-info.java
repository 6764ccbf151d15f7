/**
 * Loss-curve profiles: the change of a model's loss, code by code, when a window of a piece is damaged.
 *
 * <p>Read first: {@link org.encore.evaluation.profile.ProfilePlan}, which prepares clean and damaged pieces for any
 * number of models; then {@link org.encore.evaluation.profile.CurveMetrics} and {@link
 * org.encore.evaluation.profile.Profile}. {@code docs/profiles.md} has the formulas and where they differ from the
 * paper.
 *
 * <p>Axes: K codebooks, F frames, P pieces, L lengths. Losses are in nats per code; Δ is the loss of the damaged piece
 * minus that of the clean one.
 *
 * <p>Invariants: a clean piece is scored once for all lengths; the sequences depend on the plan alone, so that two
 * models differ by their weights; nothing here changes a model.
 *
 * <p>To change the regions, add a {@link org.encore.evaluation.profile.CurveMetrics.RegionRule}; to add a metric, add
 * it to {@code CurveMetrics} and, if it summarises a profile, to {@link org.encore.evaluation.profile.Headline}.
 *
 * @paper Li, Liu and Wang 2026, When Noise Lowers The Loss, <a href="https://arxiv.org/abs/2602.02738">arXiv
 *     2602.02738</a>
 */
package org.encore.evaluation.profile;
