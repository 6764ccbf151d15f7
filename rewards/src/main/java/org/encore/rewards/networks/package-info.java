/**
 * Networks of dense layers and pooling for learned rewards, on Deeplearning4j.
 *
 * <p>Read first: {@link org.encore.rewards.networks.NetworkPlan} and {@link
 * org.encore.rewards.networks.NetworkPlan.Layer} (what is computed), then {@link org.encore.rewards.networks.Network}
 * (with which weights).
 *
 * <p>Legend: an example has one row in each output and one or several rows in each input, which pooling layers reduce
 * to one.
 *
 * <p>Invariants: no other package of the module uses Deeplearning4j or ND4J; nothing is read by Java serialisation; the
 * same weights and the same batch give the same bits, the same example in another batch the same result up to rounding.
 *
 * <p>To add a kind of layer: a record in {@code Layer}, its size in {@code NetworkPlan}, its translation in
 * {@code GraphConfiguration}.
 */
package org.encore.rewards.networks;
