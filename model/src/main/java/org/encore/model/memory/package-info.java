/**
 * Computes the memory of a run from its sizes, before anything is allocated.
 *
 * <p>Read first: {@link org.encore.model.memory.MemoryPlan}, then {@link org.encore.model.memory.MemoryBudget}.
 *
 * <p>Legend: sizes are in bytes, shown in megabytes of 10^6; tensors lie outside of the Java heap, key/value caches and
 * packed weights of decoding inside.
 *
 * <p>Invariants: the code that allocates tensors also counts them, but for the codec's, whose layers are counted from their list;
 * scratch memory of kernels is not counted.
 *
 * <p>To change what counts, change {@link org.encore.model.memory.Footprint}; to suggest another change when a run does not fit, change {@link org.encore.model.memory.MemoryBudget}.
 */
package org.encore.model.memory;
