package org.encore.model.decoding;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.encore.model.text.TextBatch;

/** A playlist of one batch, and what was played as arrays of one length. */
final class WholeBatch implements Playlist {
    private final TextBatch prompts;
    private final List<RandomGenerator> streams;
    private final DelayPattern pattern;
    private final int frames;
    private final int padding;
    private final int[][][] codes;
    private final double[][] logProbs;
    private final int[] steps;
    private int next;

    /** The prompts of a batch; {@code padding} is the code after the end. */
    WholeBatch(TextBatch prompts, List<RandomGenerator> streams, DelayPattern pattern, int frames, int padding) {
        this.prompts = prompts;
        this.streams = streams;
        this.pattern = pattern;
        this.frames = frames;
        this.padding = padding;
        this.codes = new int[prompts.batch()][][];
        this.logProbs = new double[prompts.batch()][];
        this.steps = new int[prompts.batch()];
    }

    @Override
    public Optional<Item> next() {
        if (next == prompts.batch()) {
            return Optional.empty();
        }
        int from = next * prompts.tokens();
        int[] ids = Arrays.copyOfRange(prompts.ids(), from, from + prompts.tokens());
        float[] validity = Arrays.copyOfRange(prompts.validity(), from, from + prompts.tokens());
        Item item = new Item(next, ids, validity, streams.get(next));
        next++;
        return Optional.of(item);
    }

    @Override
    public void played(int index, int[][] played, double[] playedLogProbs) {
        steps[index] = playedLogProbs.length;
        codes[index] = new int[played.length][];
        for (int k = 0; k < played.length; k++) {
            codes[index][k] = Arrays.copyOf(played[k], frames);
            Arrays.fill(codes[index][k], played[k].length, frames, padding);
        }
        logProbs[index] = Arrays.copyOf(playedLogProbs, pattern.steps(frames));
        Arrays.fill(logProbs[index], playedLogProbs.length, logProbs[index].length, Double.NaN);
    }

    Generated result() {
        return new Generated(codes, logProbs, steps);
    }
}
