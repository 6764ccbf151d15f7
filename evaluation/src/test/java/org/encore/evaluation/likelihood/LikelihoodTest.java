package org.encore.evaluation.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.encore.evaluation.Toy;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.kernels.Tensor;
import org.encore.model.parallel.Replicas;
import org.encore.model.transformer.MusicTransformer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Likelihood and divergence against sums over plain logits, one sequence at a time. */
class LikelihoodTest {
    private static final int[] FRAMES = {5, 12, 1, 9};

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 1, 3", "1, 2, 2", "3, 1, 3", "3, 2, 1"})
    void agreesWithPlainLogits(int codebooks, int shards, int microBatch) throws IOException {
        try (Toy toy = new Toy(directory, codebooks, shards)) {
            Replicas policy = toy.model(1);
            Replicas reference = toy.model(2);
            List<CodeSequence> sequences = toy.sequences(FRAMES);
            double nats = 0;
            double divergence = 0;
            int codes = 0;
            for (CodeSequence sequence : sequences) {
                CodeBatcher.MicroBatch alone =
                        toy.microBatches(List.of(sequence), 1).get(0);
                double[][] logProbs = logProbs(toy, policy.model(), alone);
                double[][] referenceLogProbs = logProbs(toy, reference.model(), alone);
                int width = alone.batch().shape().steps();
                for (int k = 0; k < codebooks; k++) {
                    for (int f = 0; f < sequence.codes()[k].length; f++) {
                        // The delay pattern predicts frame f of codebook k at step f + k.
                        int row = k * width + f + k;
                        nats -= logProbs[row][sequence.codes()[k][f]];
                        codes++;
                        for (int v = 0; v < Toy.VOCABULARY; v++) {
                            divergence += Math.exp(logProbs[row][v]) * (logProbs[row][v] - referenceLogProbs[row][v]);
                        }
                    }
                }
            }
            assertEquals((5 + 12 + 1 + 9) * codebooks, codes);
            List<CodeBatcher.MicroBatch> microBatches = toy.microBatches(sequences, microBatch);
            assertEquals(nats / codes, Likelihood.lossPerCode(policy, toy.workspaces(), microBatches), 1e-12);
            assertTrue(divergence / codes > 0.01, "the models must differ");
            // Divergence reads log-probabilities in 32 bits.
            Divergence measured = Divergence.of(policy, reference, toy.workspaces(), microBatches);
            assertEquals(divergence / codes, measured.perCode(), 1e-6);
            assertEquals(divergence / FRAMES.length, measured.perSequence(), 1e-5);
            Divergence none = Divergence.of(policy, policy, toy.workspaces(), microBatches);
            assertEquals(new Divergence(0.0, 0.0), none);
        }
    }

    /** Rows {@code k * T + t}. */
    private static double[][] logProbs(Toy toy, MusicTransformer model, CodeBatcher.MicroBatch part) {
        model.forward(toy.workspaces().of(0), part.batch().inputs());
        List<Tensor> logits = model.logits(toy.workspaces().of(0), part.batch().inputs());
        int width = part.batch().shape().steps();
        double[][] rows = new double[logits.size() * width][Toy.VOCABULARY];
        for (int k = 0; k < logits.size(); k++) {
            double[] flat = model.kernels().readDoubles(logits.get(k));
            for (int t = 0; t < width; t++) {
                double sum = 0;
                for (int v = 0; v < Toy.VOCABULARY; v++) {
                    sum += Math.exp(flat[t * Toy.VOCABULARY + v]);
                }
                for (int v = 0; v < Toy.VOCABULARY; v++) {
                    rows[k * width + t][v] = flat[t * Toy.VOCABULARY + v] - Math.log(sum);
                }
            }
        }
        return rows;
    }
}
