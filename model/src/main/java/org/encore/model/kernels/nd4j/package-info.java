/**
 * The portable kernels: every operation as a few ND4J operations, for any ND4J backend and both precisions.
 *
 * <p>Read first: {@link org.encore.model.kernels.nd4j.PortableKernels}. Axes as in {@link org.encore.model.kernels}.
 *
 * <p>Invariants: views are cached, scratch arrays are allocated once per shape; reductions run along rows, so
 * that their order does not depend on the number of threads.
 *
 * <p>To change an operation, change it here and run the kernels' tests: they compare each with plain loops.
 */
package org.encore.model.kernels.nd4j;
