/**
 * What steering costs in generation: {@link org.encore.benchmarks.steering.SteeringCost} times it in turn with generation without it.
 */
package org.encore.benchmarks.steering;
