/**
 * A small loss-curve profile of the policy, every few iterations, and a warning when it goes astray.
 *
 * <p>Read first: {@link org.encore.trainer.profiling.ProfileWatch}. What a profile is stands in {@code
 * org.encore.evaluation.profile} and in {@code docs/profiles.md}.
 *
 * <p>Invariants: profiling reads weights and writes none; every figure is a function of the weights, the settings and the
 * figures of the iterations before, so a resumed run writes the same ones.
 *
 * <p>To change when a run warns, change {@link org.encore.trainer.profiling.ProfileWatch}.
 */
package org.encore.trainer.profiling;
