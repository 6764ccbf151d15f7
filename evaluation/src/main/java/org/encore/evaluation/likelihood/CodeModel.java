package org.encore.evaluation.likelihood;

import java.util.List;
import org.encore.model.decoding.CodeSequence;

/** Whatever gives each code of a sequence a probability from the codes before it: all that a profile asks of a model. */
@FunctionalInterface
public interface CodeModel {
    /**
     * Scores known codes.
     *
     * @return for each sequence the log-probability of each code in nats, {@code [K][F]}; NaN where none is given
     */
    List<double[][]> logProbs(List<CodeSequence> sequences);
}
