package org.encore.evaluation.profile;

import java.util.List;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.model.decoding.CodeSequence;

/** A model whose probabilities are known: each codebook is a chain of its own, the first code costs ln of the codes. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record MarkovChain(double[][][] transitions) implements CodeModel {
    @Override
    public List<double[][]> logProbs(List<CodeSequence> sequences) {
        return sequences.stream().map(this::logProbs).toList();
    }

    private double[][] logProbs(CodeSequence sequence) {
        int[][] codes = sequence.codes();
        double[][] logProbs = new double[codes.length][codes[0].length];
        for (int k = 0; k < codes.length; k++) {
            logProbs[k][0] = -Math.log(transitions[k].length);
            for (int f = 1; f < codes[k].length; f++) {
                logProbs[k][f] = Math.log(transitions[k][codes[k][f - 1]][codes[k][f]]);
            }
        }
        return logProbs;
    }
}
