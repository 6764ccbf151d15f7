/**
 * Preference rewards, learned from votes of listeners: a clip and its caption become one score.
 *
 * <p>Read first: {@link org.encore.rewards.preference.PreferenceReward}, then
 * {@link org.encore.rewards.preference.PreferenceModel}.
 *
 * <p>Axes: K codebooks, F frames, T steps. Units: a score is a log-odds in nats; the difference of two scores gives the
 * probability that one clip is preferred to the other; a single score has no meaning.
 *
 * <p>Invariants: a clip is read in the same way in training and in scoring, because the model's directory stores how;
 * the score of a clip does not depend on the batch.
 *
 * <p>To change what a model reads, change {@link org.encore.rewards.preference.ClipReading}; to add a kind of model,
 * permit it in {@link org.encore.rewards.preference.PreferenceModel}.
 */
package org.encore.rewards.preference;
