package org.encore.model.decoding;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.encore.model.decoding.Generator.Generated;
import org.encore.model.text.TextTokenizer.TextBatch;

/** The prompts that a {@link Generator} takes, and the receiver of their completions. Used by one thread at a time. */
public interface PromptQueue {
    /**
     * A sequence to generate.
     *
     * @param index identifies the sequence
     * @param textIds text tokens, {@code [S]}
     * @param textValidity 1 where a token is real, else 0, {@code [S]}
     * @param prefix codes to continue, {@code [K][P]}; they come first in the completion, with log-probability 0; P may be 0
     * @param frames the most frames of the completion; the generator's where those are fewer
     * @param random its randomness
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Item(int index, int[] textIds, float[] textValidity, int[][] prefix, int frames, RandomGenerator random) {
        /** A sequence from the beginning, as long as the generator's. */
        public Item(int index, int[] textIds, float[] textValidity, RandomGenerator random) {
            this(index, textIds, textValidity, new int[0][], Integer.MAX_VALUE, random);
        }
    }

    /** The next sequence; empty if there are no more. */
    Optional<Item> next();

    /** Is told of each step, with the number of sequences that took it. */
    default void stepped(int sequences) {}

    /**
     * Receives a sequence that has ended.
     *
     * @param index its index
     * @param codes {@code [K][F]}, cut to the valid frames, the end code included
     * @param logProbs log-probability of each step, summed over its codebooks, as sampled, {@code [T]}
     */
    void complete(int index, int[][] codes, double[] logProbs);

    /** A queue of one batch that pads the completions to one length. */
    final class WholeBatch implements PromptQueue {
        private final TextBatch prompts;
        private final List<int[][]> prefixes;
        private final List<RandomGenerator> streams;
        private final DelayPattern pattern;
        private final int frames;
        private final int padding;
        private final int[][][] codes;
        private final double[][] logProbs;
        private final int[] steps;
        private int next;

        /** {@code padding} is the code after the end; {@code prefixes} has one of each sequence, or is empty for none. */
        WholeBatch(
                TextBatch prompts,
                List<int[][]> prefixes,
                List<RandomGenerator> streams,
                DelayPattern pattern,
                int frames,
                int padding) {
            this.prompts = prompts;
            this.prefixes = prefixes;
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
            int[][] prefix = prefixes.isEmpty() ? new int[0][] : prefixes.get(next);
            Item item = new Item(next, ids, validity, prefix, Integer.MAX_VALUE, streams.get(next));
            next++;
            return Optional.of(item);
        }

        @Override
        public void complete(int index, int[][] completed, double[] completedLogProbs) {
            steps[index] = completedLogProbs.length;
            codes[index] = new int[completed.length][];
            for (int k = 0; k < completed.length; k++) {
                codes[index][k] = Arrays.copyOf(completed[k], frames);
                Arrays.fill(codes[index][k], completed[k].length, frames, padding);
            }
            logProbs[index] = Arrays.copyOf(completedLogProbs, pattern.steps(frames));
            Arrays.fill(logProbs[index], completedLogProbs.length, logProbs[index].length, Double.NaN);
        }

        Generated result() {
            return new Generated(codes, logProbs, steps);
        }
    }
}
