/**
 * All randomness of Encore, as pure functions of a seed.
 *
 * <p>Read first: {@link org.encore.base.random.RandomStreams}, then {@link org.encore.base.random.Shuffle}.
 *
 * <p>Invariants: the same seed, purpose and indices give the same numbers on every platform and in every order of
 * threads; two purposes never share a stream.
 *
 * <p>To change what a stream is for, add a {@link org.encore.base.random.RandomStreams.Purpose} at the end of the
 * list: the order of the list is part of the seed.
 */
package org.encore.base.random;
