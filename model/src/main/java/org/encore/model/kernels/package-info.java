/**
 * The interface between the models and the machine: about two dozen fused operations on tensors.
 *
 * <p>Read first: {@link org.encore.model.kernels.Kernels}, then {@link org.encore.model.kernels.Tensor}.
 *
 * <p>Axes: B sequences, T steps of a sequence, N = B·T rows, S text tokens, D width, H heads, V codes in a codebook. A
 * tensor is always a matrix; an activation of shape {@code [B, T, D]} is the matrix {@code [N, D]}, sequence by sequence.
 *
 * <p>Invariants: no class outside this package and its sub-packages touches ND4J or assumes host memory; an operation
 * allocates nothing that grows with the number of calls; the same inputs give the same bits on one machine.
 *
 * <p>To support other hardware, write another {@link org.encore.model.kernels.Kernels}; the portable one is the reference in tests. To add an operation, add it to the interface with its gradient and extend the finite-difference test.
 */
package org.encore.model.kernels;
