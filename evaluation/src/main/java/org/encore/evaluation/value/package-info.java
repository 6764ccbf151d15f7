/**
 * What can be known of the score before a piece is finished: the ceiling of every value baseline.
 *
 * <p>Read first: {@link org.encore.evaluation.value.ValueOracle}.
 *
 * <p>Invariants: the same seed gives the same continuations, whatever the number of threads; the first ones do not depend on how many are asked for.
 *
 * <p>To measure at other positions, change {@link org.encore.evaluation.value.ValueOracle.Plan}.
 */
package org.encore.evaluation.value;
