/**
 * Text adherence reward: an audio tower and a text tower, trained contrastively on pairs of clip and caption.
 *
 * <p>Read first: {@link org.encore.rewards.adherence.TextAdherence}, then {@link
 * org.encore.rewards.adherence.AdherenceReward}, {@link org.encore.rewards.adherence.AdherenceTraining} and {@code
 * ContrastiveLoss}; the inputs of the audio tower are computed in {@link org.encore.rewards.features}.
 *
 * <p>Legend: a window is a section of a clip; a cosine is the cosine similarity of the embeddings of a window and a
 * caption.
 *
 * <p>Invariants: the reward reads sound alone, never notes, so that it can score recordings; its labels are the
 * attributes that études were composed to, never results of {@code org.encore.music.analysis}, which stays the
 * independent referee; a score does not depend on the batch.
 *
 * <p>To change the towers, see {@code TowerSettings}; to change the metrics, {@code TextAdherence}.
 */
package org.encore.rewards.adherence;
