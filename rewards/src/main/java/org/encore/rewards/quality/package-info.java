/**
 * How good a clip sounds, whatever was asked for: an estimator of the mean opinion score, from 1 to 5.
 *
 * <p>It learned from simulated raters ({@link org.encore.rewards.quality.raters}): what it knows about quality is what was
 * put into their opinions.
 *
 * <p>Read first: {@link org.encore.rewards.quality.AudioQuality} (the reward), then {@link
 * org.encore.rewards.quality.QualityTraining} and {@link org.encore.rewards.quality.QualityMeasures}; what it hears is in
 * {@link org.encore.rewards.quality.hearing}.
 *
 * <p>Legend: a window is the first or the last ten seconds of a clip; opinions lie in [1, 5].
 *
 * <p>Invariants: a clip's score depends on its sound alone, and on no other clip of the batch; how loud the clip is does
 * not count.
 *
 * <p>To change the network, see {@code QualitySettings}; to measure more, {@code QualityMeasures}.
 *
 * @see <a href="https://arxiv.org/abs/2402.04229">Cideron et al. 2024, MusicRL, section 3: the quality reward</a>
 */
package org.encore.rewards.quality;
