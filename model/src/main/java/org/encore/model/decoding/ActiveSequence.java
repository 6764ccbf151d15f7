package org.encore.model.decoding;

import java.util.Arrays;
import java.util.OptionalInt;

/** A sequence that is being played: what it has played so far, and what goes into its next step. */
final class ActiveSequence {
    private final DelayPattern pattern;
    private final PromptQueue.Item item;
    private final int slot;
    private final int[][] targets;
    private final double[] logProbs;
    private final int[] inputs;
    private int steps;

    /**
     * Begins a sequence.
     *
     * @param frames the most frames
     * @param slot its place in the decoder
     */
    ActiveSequence(DelayPattern pattern, PromptQueue.Item item, int frames, int slot) {
        this.pattern = pattern;
        this.item = item;
        this.slot = slot;
        this.targets = new int[pattern.codebooks()][pattern.steps(frames)];
        this.logProbs = new double[pattern.steps(frames)];
        this.inputs = new int[pattern.codebooks()];
        Arrays.fill(inputs, pattern.startToken());
    }

    int slot() {
        return slot;
    }

    /** Input id of a codebook. */
    int input(int codebook) {
        return inputs[codebook];
    }

    /** A number in [0, 1) from the sequence's own randomness. */
    double uniform() {
        return item.random().nextDouble();
    }

    /** True if a code of this codebook is due at this step. */
    boolean wantsCode(int codebook) {
        return pattern.hasCode(codebook, steps, pattern.frames(logProbs.length));
    }

    /** The start token stands where no code is due. */
    void rest(int codebook) {
        inputs[codebook] = pattern.startToken();
    }

    void append(int codebook, int code, double logProb) {
        inputs[codebook] = code;
        targets[codebook][steps] = code;
        logProbs[steps] += logProb;
    }

    /** Goes on to the next step; true if there is none, because this was the last or its code ends the sequence. */
    boolean endsStep(OptionalInt endCode) {
        boolean end = endCode.isPresent() && targets[0][steps] == endCode.getAsInt();
        steps++;
        return end || steps == logProbs.length;
    }

    /** Hands over what was played. */
    void deliver(PromptQueue playlist) {
        int[][] played = new int[targets.length][];
        for (int k = 0; k < played.length; k++) {
            played[k] = Arrays.copyOfRange(targets[k], k, k + pattern.frames(steps));
        }
        playlist.played(item.index(), played, Arrays.copyOf(logProbs, steps));
    }
}
