package org.encore.model.parallel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.parallel.ParallelGenerator.Request;

/**
 * Generates sound longer than what a model reads at a time, in overlapping windows, as audiocraft does: a window moves on by a
 * stride, keeps what it has of the sound so far as its beginning, and continues that.
 *
 * <p>Each window is a sequence of its own: positions and the delay pattern begin anew. The last window may be shorter. For
 * sequences without an end code.
 *
 * <p>The rule is that of audiocraft's {@code MusicGen} with its {@code extend_stride}; what is done with a beginning longer
 * than a window is ours, because audiocraft refuses it.
 */
public final class WindowedGenerator {
    private final ParallelGenerator generator;
    private final DelayPattern pattern;
    private final Windows windows;

    /**
     * The windows of a model.
     *
     * @param frames the most frames of a window
     * @param stride frames by which the next window begins later, fewer than {@code frames}
     */
    public record Windows(int frames, int stride) {
        public Windows {
            if (stride < 1 || stride >= frames) {
                throw new IllegalArgumentException("the stride is " + stride + " frames, but must lie in [1, "
                        + (frames - 1) + "]: shorter than a window of " + frames);
            }
        }

        /** The frames of a beginning that its continuation reads: all if they leave room in a window. */
        private int context(int given) {
            return given < frames ? given : frames - stride;
        }

        /** The lengths of the windows, with what each of them has as its beginning. */
        private List<int[]> plan(int given, int total) {
            List<int[]> plan = new ArrayList<>();
            int done = given;
            int context = context(given);
            while (done < total) {
                int length = Math.min(total - (done - context), frames);
                plan.add(new int[] {context, length});
                done += length - context;
                context = length - stride;
            }
            return plan;
        }
    }

    /**
     * Generates with a generator whose sequences may be as long as a window.
     *
     * @param pattern of its model
     */
    public WindowedGenerator(ParallelGenerator generator, DelayPattern pattern, Windows windows) {
        this.generator = generator;
        this.pattern = pattern;
        this.windows = windows;
    }

    /** Steps of all windows of a sequence, for the progress. */
    public long steps(int given, int total) {
        return windows.plan(given, total).stream()
                .mapToLong(window -> pattern.steps(window[1]))
                .sum();
    }

    /**
     * Generates one sequence for each prompt.
     *
     * @param prefix the beginning of every sequence, {@code [K][P]}; empty for none. Of one as long as a window or longer, the
     *     last {@code frames - stride} frames are continued
     * @param total frames of a sequence, the beginning included
     * @param streams randomness of each sequence, by its index, from its first window to its last
     * @param stepped is told how many steps all sequences have taken so far, by any thread
     * @return codes of each sequence, the beginning included, {@code [K][total]}
     */
    public List<int[][]> generate(
            List<String> prompts,
            int[][] prefix,
            int total,
            IntFunction<RandomGenerator> streams,
            LongConsumer stepped) {
        List<RandomGenerator> random = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            random.add(streams.apply(i));
        }
        AtomicLong steps = new AtomicLong();
        int given = prefix.length == 0 ? 0 : prefix[0].length;
        int[][] beginning = prefix.length == 0 ? new int[pattern.codebooks()][0] : prefix;
        List<int[][]> sequences = new ArrayList<>(Collections.nCopies(prompts.size(), beginning));
        for (int[] window : windows.plan(given, total)) {
            List<Request> requests = new ArrayList<>();
            for (int i = 0; i < prompts.size(); i++) {
                requests.add(new Request(Optional.of(prompts.get(i)), last(sequences.get(i), window[0]), window[1]));
            }
            List<Completion> completions = generator.generate(
                    requests, random::get, sequencesOfStep -> stepped.accept(steps.addAndGet(sequencesOfStep)));
            for (int i = 0; i < prompts.size(); i++) {
                sequences.set(i, joined(sequences.get(i), completions.get(i).codes(), window[0]));
            }
        }
        return sequences;
    }

    /** The last frames of codes. Shapes: {@code [K][F]} to {@code [K][frames]} */
    public static int[][] last(int[][] codes, int frames) {
        int[][] result = new int[codes.length][];
        for (int k = 0; k < codes.length; k++) {
            result[k] = Arrays.copyOfRange(codes[k], codes[k].length - frames, codes[k].length);
        }
        return result;
    }

    /**
     * A sequence and what a window added to it.
     *
     * @param codes the sequence, {@code [K][F]}
     * @param window begins with the sequence's last {@code context} frames, {@code [K][W]}
     * @return {@code [K][F + W - context]}
     */
    public static int[][] joined(int[][] codes, int[][] window, int context) {
        int[][] result = new int[codes.length][];
        for (int k = 0; k < codes.length; k++) {
            result[k] = Arrays.copyOf(codes[k], codes[k].length + window[k].length - context);
            System.arraycopy(window[k], context, result[k], codes[k].length, window[k].length - context);
        }
        return result;
    }
}
