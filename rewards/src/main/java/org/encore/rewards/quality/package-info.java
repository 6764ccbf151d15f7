/**
 * How good a clip sounds, whatever was asked for: an estimator of the mean opinion score, from 1 to 5.
 *
 * <p>It learned from simulated raters ({@link org.encore.rewards.quality.RatedClips}): what it knows about quality is what was
 * put into their ratings.
 *
 * <p>Read first: {@link org.encore.rewards.quality.AudioQuality.QualityReward} (the reward), then {@link
 * org.encore.rewards.quality.QualityTraining} and {@link org.encore.rewards.quality.QualityMeasures}; its inputs are made in
 * {@link org.encore.rewards.features}.
 *
 * <p>Legend: a window is the first or the last ten seconds of a clip; ratings and scores lie in [1, 5].
 *
 * <p>Invariants: a clip's score depends on its sound alone, and on no other clip of the batch; how loud the clip is does
 * not count.
 *
 * <p>To change the network, see {@code QualitySettings}; to measure more, {@code QualityMeasures}.
 *
 * @see <a href="https://arxiv.org/abs/2402.04229">Cideron et al. 2024, MusicRL, section 3: the quality reward</a>
 */
package org.encore.rewards.quality;
