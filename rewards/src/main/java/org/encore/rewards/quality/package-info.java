/**
 * Audio quality reward: predicts the mean opinion score of a clip, in [1, 5], independently of the prompt.
 *
 * <p>Its training data are ratings of simulated raters ({@link org.encore.rewards.quality.RatedClips}), so its notion
 * of quality is theirs.
 *
 * <p>Read first: {@link org.encore.rewards.quality.AudioQuality.QualityReward} (the reward), then {@link
 * org.encore.rewards.quality.QualityTraining} and {@link org.encore.rewards.quality.QualityMeasures}; its inputs are
 * computed in {@link org.encore.rewards.features}.
 *
 * <p>Legend: a window is the first or the last ten seconds of a clip; ratings and scores lie in [1, 5].
 *
 * <p>Invariants: a score depends on the sound of the clip alone, not on other clips of the batch and not on loudness.
 *
 * <p>To change the network, see {@code QualitySettings}; to add a metric, {@code QualityMeasures}.
 *
 * @see <a href="https://arxiv.org/abs/2402.04229">Cideron et al. 2024, MusicRL, section 3: the quality reward</a>
 */
package org.encore.rewards.quality;
