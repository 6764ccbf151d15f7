package org.encore.evaluation.likelihood;

import java.util.List;
import org.encore.model.decoding.CodeLayout;
import org.encore.model.decoding.CodeLayout.RawFrames;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.transformer.ModelConfig.DecoderConfig;

/** Whatever gives each code of a sequence a probability from the codes before it: all that a profile asks of a model. */
@FunctionalInterface
public interface CodeModel {
    /**
     * Scores known codes.
     *
     * @return for each sequence the log-probability of each code in nats, {@code [K][F]}; NaN where none is given
     */
    List<double[][]> logProbs(List<CodeSequence> sequences);

    /** How a model is shown the codes that it scores. */
    enum Protocol {
        /** As it was trained: delay pattern, start token, caption. */
        CORRECT,
        /** As it was trained with hidden captions: delay pattern, start token, no caption. */
        UNCONDITIONED,
        /**
         * As in the published experiments: no delay pattern, no start token, no caption, so the first frame has no loss.
         *
         * @paper Li, Liu and Wang 2026, <a href="https://arxiv.org/abs/2602.02738">arXiv 2602.02738</a>, by its code
         */
        PUBLISHED;

        boolean showsCaptions() {
            return this == CORRECT;
        }

        CodeLayout layout(DecoderConfig decoder) {
            return this == PUBLISHED
                    ? new RawFrames(decoder.codebooks(), decoder.startToken())
                    : new DelayPattern(decoder.codebooks(), decoder.startToken());
        }
    }
}
