/**
 * Rewards that a service computes, usually a program in another language on the same machine.
 *
 * <p>Read first: {@link org.encore.rewards.service.ServiceReward}, then
 * {@link org.encore.rewards.service.Service}.
 *
 * <p>Invariants: whatever a service does, a call ends after {@code attempts} time-outs and pauses, and ends in scores or
 * in a {@link org.encore.rewards.RewardFailure} of one line. Nothing leaves this machine unless the settings allow it.
 *
 * <p>To change what is sent, change {@code ServiceRequest}; what may come back, {@code ServiceResponse}; and docs/extending.md with
 * them.
 */
package org.encore.rewards.service;
