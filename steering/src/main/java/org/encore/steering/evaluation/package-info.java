/**
 * Measures steering: continuations of pieces without a trait, with and without interventions.
 *
 * <p>{@link org.encore.steering.evaluation.SteeringSettings} is the configuration of probes and evaluation, {@link org.encore.steering.evaluation.Continuations} the pieces, {@link org.encore.steering.evaluation.SteeringEvaluation} the measurement.
 */
package org.encore.steering.evaluation;
