/**
 * Loss-curve profiles: how a model's loss changes, code by code, when a stretch of a piece is damaged.
 *
 * <p>Read first: {@link org.encore.evaluation.profile.ProfilePlan}, which prepares clean and damaged pieces once for any
 * number of models; then {@link org.encore.evaluation.profile.CurveMetrics} and {@link
 * org.encore.evaluation.profile.Profile}. {@code docs/profiles.md} has the formulas and where they differ from the paper.
 *
 * <p>Axes: K codebooks, F frames, P pieces, L lengths. Losses are in nats a code; Δ is the damaged piece's minus the clean
 * one's.
 *
 * <p>Invariants: a clean piece is scored once for all lengths; what a model is asked depends on the plan alone, so two
 * models differ by their weights; nothing here changes a model.
 *
 * <p>To change where a region ends, add a {@link org.encore.evaluation.profile.CurveMetrics.RegionRule}; to add a figure, add it to
 * {@code CurveMetrics} and, if it sums up a profile, to {@link org.encore.evaluation.profile.Headline}.
 *
 * @paper Li, Liu and Wang 2026, When Noise Lowers The Loss, <a href="https://arxiv.org/abs/2602.02738">arXiv
 *     2602.02738</a>
 */
package org.encore.evaluation.profile;
