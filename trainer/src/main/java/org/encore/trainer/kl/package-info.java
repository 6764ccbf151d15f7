/**
 * Keeps the policy near its reference: KL estimators, the KL penalty and its coefficient.
 *
 * <p>Read first: {@link org.encore.trainer.kl.KlPenalty.KlSettings}, {@link org.encore.trainer.kl.KlPenalty}, then
 * {@link org.encore.trainer.kl.KlController}.
 *
 * <p>Axes: as in {@link org.encore.trainer.advantages}; π the policy, π₀ the reference, α or β the coefficient. KL is
 * always {@code KL(π ‖ π₀)}, in nats: of one step, or of a sequence (the sum over its valid steps).
 *
 * <p>Invariants: everything here is a pure function; the only state is the coefficient, a number that the caller keeps
 * and stores in its checkpoints. Log-probabilities of policy and reference come from the same temperature and the same
 * filters as the sampler's; otherwise the sampled estimates may be negative and the exact one infinite.
 *
 * <p>To change or add a penalty or a controller: add a record, permit it in its sealed interface, and give it
 * {@code defaults()}; the test over sealed types then demands its check.
 */
package org.encore.trainer.kl;
