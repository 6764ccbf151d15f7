/**
 * Losses of the policy and of the value network, with their derivatives.
 *
 * <p>Read first: {@link org.encore.trainer.objective.PolicyObjective}, {@link
 * org.encore.trainer.objective.PolicyObjective.Reinforce}, then {@link org.encore.trainer.objective.ValueObjective}.
 *
 * <p>Axes: as in {@link org.encore.trainer.advantages}; {@code A} advantage, {@code R} return, {@code V} value, ρ the
 * ratio of the current policy's probability to that of the policy that generated the sample, {@code M} the number of valid
 * steps in the whole batch. Losses are minimised: they are the negative of what the papers maximise.
 *
 * <p>Invariants: every loss is a sum over steps, each divided by M, so losses, gradients and metrics of micro-batches add up
 * to those of the batch. Every step has the same weight, in long and in short clips. A gradient is
 * the derivative of the loss by the step's log-probability or value; the network multiplies it by its own.
 *
 * <p>To change or add an objective: add a record, permit it in its sealed interface, give it {@code defaults()}; the
 * test over sealed types then demands its finite-difference check.
 */
package org.encore.trainer.objective;
