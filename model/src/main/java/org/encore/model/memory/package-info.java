/**
 * How much memory a run will take, known before it takes any: from the sizes alone.
 *
 * <p>Read first: {@link org.encore.model.memory.MemoryPlan}, then {@link org.encore.model.memory.MemoryBudget}.
 *
 * <p>Legend: sizes are in bytes, shown in megabytes of 10^6; tensors lie outside of the Java heap, key/value caches and
 * packed weights of decoding inside.
 *
 * <p>Invariants: what tensors take is counted by the code that allocates them; scratch of kernels is not counted.
 *
 * <p>To change what counts, change {@link org.encore.model.memory.Footprint}; to offer another way out when a run does not
 * fit, change {@link org.encore.model.memory.MemoryBudget}.
 */
package org.encore.model.memory;
