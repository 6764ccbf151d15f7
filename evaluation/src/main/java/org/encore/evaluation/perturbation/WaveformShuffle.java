package org.encore.evaluation.perturbation;

import org.encore.music.codec.AudioCodec;

/**
 * Neighbouring stretches of sound change places, cut hard as in the published experiments, and are encoded again.
 *
 * @param order which stretches
 */
public record WaveformShuffle(BlockOrder order) implements Perturbation {
    @Override
    public String name() {
        return "waveform-" + order.text();
    }

    @Override
    public boolean isNoise() {
        return false;
    }

    @Override
    public int framesNeeded(int length) {
        return 2 * length + 1;
    }

    @Override
    public void requireUsable(AudioCodec codec) {
        WaveformSplice.requireEncoder(name(), codec);
    }

    @Override
    public Perturbed apply(Material material, int piece, int first, int length) {
        requireUsable(material.codec());
        material.requireRoom(piece, first, length, framesNeeded(length));
        int last = material.piece(piece)[0].length - 1;
        int[] pairs = order.pairs(first, last, length, material.random(piece));
        int[] window = {pairs[0], pairs[pairs.length - 1] + 2 * length};
        return WaveformSplice.apply(material, piece, window, (samples, from, to) -> {
            double samplesAFrame = (double) (to - from) / (window[1] - window[0]);
            for (int pair : pairs) {
                swap(samples, from + (pair - window[0]) * samplesAFrame, length * samplesAFrame);
            }
        });
    }

    private static void swap(float[] samples, double start, double length) {
        int from = (int) Math.round(start);
        int block = Math.min((int) length, (samples.length - from) / 2);
        float[] kept = new float[block];
        System.arraycopy(samples, from, kept, 0, block);
        System.arraycopy(samples, from + block, samples, from, block);
        System.arraycopy(kept, 0, samples, from + block, block);
    }
}
