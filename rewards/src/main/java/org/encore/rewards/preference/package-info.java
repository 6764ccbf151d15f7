/**
 * Rewards learned from judgements of listeners: how a clip and its caption become one number.
 *
 * <p>Read first: {@link org.encore.rewards.preference.PreferenceReward}, then
 * {@link org.encore.rewards.preference.PreferenceModel}.
 *
 * <p>Axes: K codebooks, F frames, T steps. Units: a score is a log-odds in nats; the difference of two scores says how likely
 * the one clip is preferred to the other, and one score alone says nothing.
 *
 * <p>Invariants: a clip is read in the same way when a model learns and when it rewards, because the model's directory says
 * how; a clip's score does not depend on the clips beside it.
 *
 * <p>To change what a model reads, change {@link org.encore.rewards.preference.ClipReading}; to add a kind of model, permit it
 * in {@link org.encore.rewards.preference.PreferenceModel}.
 */
package org.encore.rewards.preference;
