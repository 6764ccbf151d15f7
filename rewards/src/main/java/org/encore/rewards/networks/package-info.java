/**
 * Networks of dense layers and pooling for learned rewards, on Deeplearning4j.
 *
 * <p>Read first: {@link org.encore.rewards.networks.NetworkPlan} and {@link org.encore.rewards.networks.NetworkPlan.Layer} (what is
 * computed), then {@link org.encore.rewards.networks.Network} (with which weights).
 *
 * <p>Legend: an example is what one row of an output speaks of; it may come as several rows of an input, pooled on the way.
 *
 * <p>Invariants: no other package of the module names Deeplearning4j or ND4J; nothing is read by Java's serialisation;
 * the same weights and inputs give the same bits, whatever else is in the batch only up to rounding.
 *
 * <p>To add a kind of layer: a record in {@code Layer}, its size in {@code NetworkPlan}, its translation in
 * {@code GraphConfiguration}.
 */
package org.encore.rewards.networks;
