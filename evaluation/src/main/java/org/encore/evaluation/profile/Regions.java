package org.encore.evaluation.profile;

/**
 * The regions of a curve: peak, assimilation, recovery, one after the other, frames from the first to before the next.
 *
 * @param peak first frame of the peak
 * @param assimilation first frame after the peak
 * @param recovery first frame after assimilation
 * @param end number of frames
 * @param crossed whether the curve came down to the baseline within the damage
 */
public record Regions(int peak, int assimilation, int recovery, int end, boolean crossed) {}
