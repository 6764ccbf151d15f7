package org.encore.model.decoding;

import java.util.Arrays;
import java.util.List;
import org.encore.model.kernels.Dropout;
import org.encore.model.text.TextTokenizer.TextBatch;
import org.encore.model.transformer.ModelBatch;
import org.encore.model.transformer.ModelBatch.BatchShape;

/**
 * Known codes, laid out for one pass: inputs and targets by a layout, padded to one length.
 *
 * @param inputs inputs of the model
 * @param targets code to predict of each codebook and row, {@link DelayPattern#NO_TARGET} for none, {@code [K][N]}
 * @param steps valid steps of each sequence, {@code [B]}
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record CodeBatch(ModelBatch inputs, int[][] targets, int[] steps) {
    /** Lengths are rounded up to a multiple of this, so that few shapes occur. */
    private static final int ROUNDING = 16;

    /**
     * Lays out sequences for one pass.
     *
     * @param codes codes of each sequence, {@code [B][K][F]}, cut to the valid frames
     * @param text their prompts
     * @param maxSteps the most steps of the buffers
     */
    public static CodeBatch of(CodeLayout layout, List<int[][]> codes, TextBatch text, int maxSteps) {
        int batch = codes.size();
        int[] steps = new int[batch];
        int longest = 0;
        for (int b = 0; b < batch; b++) {
            steps[b] = layout.steps(codes.get(b)[0].length);
            longest = Math.max(longest, steps[b]);
        }
        if (longest > maxSteps) {
            throw new IllegalArgumentException(
                    "a sequence has " + longest + " steps, but the buffers hold " + maxSteps + " at most");
        }
        int padded = Math.min((longest + ROUNDING - 1) / ROUNDING * ROUNDING, maxSteps);
        int[][] inputs = new int[layout.codebooks()][batch * padded];
        int[][] targets = new int[layout.codebooks()][batch * padded];
        for (int k = 0; k < layout.codebooks(); k++) {
            Arrays.fill(inputs[k], layout.startToken());
            Arrays.fill(targets[k], DelayPattern.NO_TARGET);
        }
        for (int b = 0; b < batch; b++) {
            int[][] in = layout.inputs(codes.get(b));
            int[][] out = layout.targets(codes.get(b));
            for (int k = 0; k < layout.codebooks(); k++) {
                System.arraycopy(in[k], 0, inputs[k], b * padded, steps[b]);
                System.arraycopy(out[k], 0, targets[k], b * padded, steps[b]);
            }
        }
        BatchShape shape = new BatchShape(batch, padded, text.tokens());
        return new CodeBatch(new ModelBatch(shape, text.ids(), text.validity(), inputs), targets, steps);
    }

    public BatchShape shape() {
        return inputs.shape();
    }

    /** Number of codes to predict. */
    public int targetCount() {
        return (int) Arrays.stream(targets)
                .flatMapToInt(Arrays::stream)
                .filter(code -> code >= 0)
                .count();
    }

    /** The same codes for a guided model. */
    public CodeBatch guided(double scale) {
        return new CodeBatch(inputs.guided(scale), targets, steps);
    }

    /** The same codes, with text states that no pass has to compute, {@code [B * S * D]}. */
    CodeBatch withTextStates(float[] states) {
        return new CodeBatch(inputs.withTextStates(states), targets, steps);
    }

    /** The same codes, with elements of the decoder's states and of the inputs of its adapters dropped. */
    public CodeBatch with(Dropout dropout, Dropout ofAdapters) {
        return new CodeBatch(inputs.with(dropout, ofAdapters), targets, steps);
    }
}
