package org.encore.evaluation.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.encore.evaluation.Toy;
import org.encore.evaluation.likelihood.CodeModel.Protocol;
import org.encore.evaluation.likelihood.CodeModel.TransformerCodes;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.kernels.Tensor;
import org.encore.model.parallel.Replicas;
import org.encore.model.text.TextTokenizer.TextBatch;
import org.encore.model.transformer.ModelBatch;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A transformer's losses, code by code, against inputs laid out by hand and plain logits. */
class TransformerCodesTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "3, 2"})
    void agreesWithInputsLaidOutByHand(int codebooks, int shards) throws IOException {
        try (Toy toy = new Toy(directory, codebooks, shards)) {
            Replicas model = toy.model(1);
            List<CodeSequence> sequences = toy.sequences(5, 12, 2, 9);
            for (Protocol protocol : Protocol.values()) {
                List<double[][]> scored =
                        new TransformerCodes(model, toy.workspaces(), toy.tokenizer(), protocol).logProbs(sequences);
                for (int i = 0; i < sequences.size(); i++) {
                    double[][] expected = byHand(toy, model, sequences.get(i), protocol);
                    for (int k = 0; k < codebooks; k++) {
                        assertArrayEquals(expected[k], scored.get(i)[k], 1e-12, protocol + " " + i);
                    }
                }
            }
        }
    }

    private static double[][] byHand(Toy toy, Replicas model, CodeSequence sequence, Protocol protocol) {
        int codebooks = sequence.codes().length;
        int frames = sequence.codes()[0].length;
        boolean raw = protocol == Protocol.PUBLISHED;
        int steps = raw ? frames - 1 : frames + codebooks - 1;
        int[][] inputs = new int[codebooks][steps];
        for (int k = 0; k < codebooks; k++) {
            for (int t = 0; t < steps; t++) {
                int frame = raw ? t : t - k - 1;
                inputs[k][t] = frame >= 0 && frame < frames ? sequence.codes()[k][frame] : Toy.VOCABULARY;
            }
        }
        TextBatch text = toy.tokenizer().batch(List.of(sequence.prompt()));
        TextBatch shown = protocol == Protocol.CORRECT && sequence.conditioned() ? text : text.withoutText();
        BatchShape shape = new BatchShape(1, steps, text.tokens());
        ModelBatch batch = new ModelBatch(shape, shown.ids(), shown.validity(), inputs);
        model.model().forward(toy.workspaces().of(0), batch);
        List<Tensor> logits = model.model().logits(toy.workspaces().of(0), batch);
        double[][] expected = new double[codebooks][frames];
        for (int k = 0; k < codebooks; k++) {
            double[] flat = model.model().kernels().readDoubles(logits.get(k));
            for (int f = 0; f < frames; f++) {
                int step = raw ? f - 1 : f + k;
                expected[k][f] = step < 0 ? Double.NaN : logProb(flat, step, sequence.codes()[k][f]);
            }
        }
        return expected;
    }

    private static double logProb(double[] logits, int row, int code) {
        double sum = 0;
        for (int v = 0; v < Toy.VOCABULARY; v++) {
            sum += Math.exp(logits[row * Toy.VOCABULARY + v]);
        }
        return logits[row * Toy.VOCABULARY + code] - Math.log(sum);
    }

    /** What comes before a damaged code does not depend on it, to the last bit. */
    @Test
    void damageChangesNothingBeforeItself() throws IOException {
        try (Toy toy = new Toy(directory, 1, 2)) {
            CodeSequence clean = toy.sequences(12).get(0);
            int[][] codes = {clean.codes()[0].clone()};
            codes[0][6] = (codes[0][6] + 1) % Toy.VOCABULARY;
            List<CodeSequence> both = new ArrayList<>(List.of(clean, CodeSequence.of(codes, clean.prompt())));
            List<double[][]> scored = new TransformerCodes(
                            toy.model(1), toy.workspaces(), toy.tokenizer(), Protocol.CORRECT)
                    .logProbs(both);
            for (int f = 0; f < 12; f++) {
                if (f < 6) {
                    assertEquals(scored.get(0)[0][f], scored.get(1)[0][f], 0.0);
                } else {
                    assertNotEquals(scored.get(0)[0][f], scored.get(1)[0][f]);
                }
            }
        }
    }

    @Test
    void refusesWhatHasNothingToPredict() throws IOException {
        try (Toy toy = new Toy(directory, 1, 1)) {
            TransformerCodes model =
                    new TransformerCodes(toy.model(1), toy.workspaces(), toy.tokenizer(), Protocol.PUBLISHED);
            String message = assertThrows(IllegalArgumentException.class, () -> model.logProbs(toy.sequences(1)))
                    .getMessage();
            assertTrue(message.startsWith("a sequence has 1 frames"), message);
        }
    }
}
