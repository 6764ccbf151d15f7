/**
 * AdamW over the flat vector, with a learning-rate schedule and a bound on the gradient's norm.
 *
 * <p>Read first: {@link org.encore.model.optimiser.AdamW}.
 *
 * <p>Invariants: a gradient that is not finite never reaches the weights; frozen parts keep their bits.
 *
 * <p>To change the schedule, add a variant to {@link org.encore.model.optimiser.Schedule}.
 */
package org.encore.model.optimiser;
