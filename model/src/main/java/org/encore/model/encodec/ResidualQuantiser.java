package org.encore.model.encodec;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/**
 * Residual vector quantisation: each codebook codes what the ones before it left over (Zeghidour et al. 2021, SoundStream,
 * section III-C). A code is that of the nearest row; of equally near ones the first.
 */
public final class ResidualQuantiser {
    private final Kernels kernels;
    private final List<Tensor> codebooks = new ArrayList<>();
    private final List<float[]> rows = new ArrayList<>();
    private final List<double[]> halfNorms = new ArrayList<>();
    private final int width;
    private final Buffer residuals;
    private final Buffer scores;

    /**
     * Takes the codebooks as they are now.
     *
     * @param capacity the most frames of a call
     */
    public ResidualQuantiser(Kernels kernels, EncodecConfig config, EncodecParameters parameters, int capacity) {
        this.kernels = kernels;
        this.width = config.hidden();
        this.residuals = new Buffer(kernels, capacity, width);
        this.scores = new Buffer(kernels, capacity, config.codebookSize());
        for (int k = 0; k < config.codebooks(); k++) {
            Tensor codebook = parameters.get(EncodecParameters.codebook(k));
            codebooks.add(codebook);
            rows.add(kernels.readFloats(codebook));
            halfNorms.add(halfNorms(rows.get(k), width));
        }
    }

    /** Takes the codebooks as they are now, after they have changed. */
    public void refresh() {
        for (int k = 0; k < codebooks.size(); k++) {
            rows.set(k, kernels.readFloats(codebooks.get(k)));
            halfNorms.set(k, halfNorms(rows.get(k), width));
        }
    }

    /** The rows of a codebook as they were taken, row-major {@code [codes, hidden]}; not a copy. */
    public float[] rows(int codebook) {
        return rows.get(codebook);
    }

    private static double[] halfNorms(float[] codebook, int width) {
        double[] halves = new double[codebook.length / width];
        for (int i = 0; i < codebook.length; i++) {
            halves[i / width] += 0.5 * codebook[i] * codebook[i];
        }
        return halves;
    }

    /** Codes of latent frames. Shapes: frames {@code [F, hidden]}, result {@code [K][F]} */
    public int[][] encode(Tensor frames) {
        int count = frames.rows();
        float[] left = kernels.readFloats(frames);
        int[][] codes = new int[codebooks.size()][count];
        Tensor residual = residuals.rows(count);
        for (int k = 0; k < codes.length; k++) {
            kernels.write(residual, left);
            kernels.linear(residual, codebooks.get(k), scores.rows(count));
            float[] products = kernels.readFloats(scores.rows(count));
            for (int f = 0; f < count; f++) {
                int code = nearest(products, f, halfNorms.get(k));
                codes[k][f] = code;
                for (int i = 0; i < width; i++) {
                    left[f * width + i] -= rows.get(k)[code * width + i];
                }
            }
        }
        return codes;
    }

    /** The row with the least {@code |x - row|² = |x|² - 2 (x · row - |row|² / 2)}. */
    private static int nearest(float[] products, int frame, double[] halfNorms) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < halfNorms.length; i++) {
            double closeness = products[frame * halfNorms.length + i] - halfNorms[i];
            if (closeness > most) {
                most = closeness;
                best = i;
            }
        }
        return best;
    }

    /**
     * The sum of the rows of codes.
     *
     * <p>Shapes: codes {@code [K][F]}, frames {@code [F, hidden]}.
     *
     * @throws IllegalArgumentException if a code is none of its codebook
     */
    public void decode(int[][] codes, Tensor frames) {
        kernels.embed(codes, codebooks, frames);
    }
}
