/**
 * Does a clip sound as its caption says? A tower for sound and a tower for words, trained to meet where they belong
 * together.
 *
 * <p>Read first: {@link org.encore.rewards.adherence.TextAdherence}, then {@link org.encore.rewards.adherence.AdherenceReward},
 * {@link org.encore.rewards.adherence.AdherenceTraining} and {@code ContrastiveLoss}; what the sound tower is fed is made
 * in {@link org.encore.rewards.features}.
 *
 * <p>Legend: a window is a stretch of a clip, a cosine that of the embeddings of a window and a caption.
 *
 * <p>Invariants: the reward reads sound alone, never notes, so that it can score recordings; it learns from what composers
 * meant and never from the analysers of {@code org.encore.music.analysis}, which stay the independent referee; a score
 * does not depend on the batch.
 *
 * <p>To change the towers, see {@code TowerSettings}; to change what is measured, {@code TextAdherence}.
 */
package org.encore.rewards.adherence;
