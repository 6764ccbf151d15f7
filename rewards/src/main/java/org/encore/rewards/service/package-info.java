/**
 * Rewards computed by an HTTP service, usually a program in another language on the same machine.
 *
 * <p>Read first: {@link org.encore.rewards.service.ServiceReward}, then
 * {@link org.encore.rewards.service.Service}.
 *
 * <p>Invariants: a call ends at the latest after {@code attempts} time-outs and pauses, with scores or with a {@link
 * org.encore.rewards.RewardFailure} of one line. Nothing leaves this machine unless the settings allow it.
 *
 * <p>To change the request, change {@code ServiceRequest}; the response, {@code ServiceResponse}; and docs/extending.md
 * with them.
 */
package org.encore.rewards.service;
