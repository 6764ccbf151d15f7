/**
 * Keeps the policy near its reference: divergences, where their penalty goes, and how strong it is.
 *
 * <p>Read first: {@link org.encore.trainer.kl.KlPenalty.KlSettings}, {@link org.encore.trainer.kl.KlPenalty}, then
 * {@link org.encore.trainer.kl.KlController}.
 *
 * <p>Legend: as in {@link org.encore.trainer.steps}; π the policy, π₀ the reference, α or β the coefficient. KL is
 * always {@code KL(π ‖ π₀)}, in nats: of one step, or of a sequence, which is the sum over its valid steps. Positive
 * means that the policy has moved.
 *
 * <p>Invariants: everything here is a pure function; the only state is the coefficient, a number that the caller keeps
 * and stores in its checkpoints. Log-probabilities of policy and reference come from the same temperature and the same
 * filters as the sampler's; otherwise the sampled estimates may be negative and the exact one infinite.
 *
 * <p>To change or add a penalty or a controller: add a record, permit it in its sealed interface, give it
 * {@code defaults()}; the test over sealed types then demands its check.
 */
package org.encore.trainer.kl;
