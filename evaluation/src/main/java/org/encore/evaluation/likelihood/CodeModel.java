package org.encore.evaluation.likelihood;

import java.util.List;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeLayout;
import org.encore.model.decoding.CodeLayout.RawFrames;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Workspaces;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelConfig.DecoderConfig;

/** A model that predicts each code of a sequence from the codes before it: the interface that profiles need. */
@FunctionalInterface
public interface CodeModel {
    /**
     * Scores known codes.
     *
     * @return for each sequence the log-probability of each code in nats, {@code [K][F]}; NaN where the model gives
     *     none
     */
    List<double[][]> logProbs(List<CodeSequence> sequences);

    /** How a sequence is presented to a model. */
    enum Protocol {
        /** As in training: delay pattern, start token, caption. */
        CORRECT,
        /** As in training without captions: delay pattern, start token, no caption. */
        UNCONDITIONED,
        /**
         * As in the published experiments: no delay pattern, no start token, no caption, so the first frame has no
         * loss.
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
                    : DelayPattern.of(decoder);
        }
    }

    /** A music transformer: scores micro-batches of similar length on all shards in parallel. */
    final class TransformerCodes implements CodeModel {
        private final Replicas replicas;
        private final Workspaces workspaces;
        private final Protocol protocol;
        private final CodeLayout layout;
        private final CodeBatcher batcher;

        /**
         * Wraps a model.
         *
         * @param workspaces buffers of the model; their capacity limits micro-batches and lengths
         */
        public TransformerCodes(Replicas replicas, Workspaces workspaces, TextTokenizer tokenizer, Protocol protocol) {
            DecoderConfig decoder = replicas.model().config().decoder();
            this.replicas = replicas;
            this.workspaces = workspaces;
            this.protocol = protocol;
            this.layout = protocol.layout(decoder);
            this.batcher =
                    new CodeBatcher(layout, tokenizer, workspaces.capacity().steps());
        }

        /** Wraps an opened model, with buffers that it created. */
        public TransformerCodes(PretrainedModel model, Workspaces workspaces, Protocol protocol) {
            this(model.replicas(), workspaces, model.tokenizer(), protocol);
        }

        /**
         * Scores sequences of at least two frames.
         *
         * @throws IllegalArgumentException if one is shorter, or longer than the buffers
         */
        @Override
        public List<double[][]> logProbs(List<CodeSequence> sequences) {
            List<CodeSequence> shown = sequences.stream().map(this::shown).toList();
            List<CodeBatcher.MicroBatch> microBatches =
                    batcher.cut(shown, workspaces.capacity().batch());
            double[][][] logProbs = new double[sequences.size()][][];
            int shards = replicas.shards().count();
            replicas.shards().run(shard -> {
                for (int j = shard; j < microBatches.size(); j += shards) {
                    score(shard, microBatches.get(j), shown, logProbs);
                }
                return null;
            });
            return List.of(logProbs);
        }

        private CodeSequence shown(CodeSequence sequence) {
            if (sequence.codes()[0].length < 2) {
                throw new IllegalArgumentException("a sequence has " + sequence.codes()[0].length
                        + " frames, but at least 2 are needed to predict one from another");
            }
            boolean conditioned = sequence.conditioned() && protocol.showsCaptions();
            return new CodeSequence(sequence.codes(), sequence.prompt(), conditioned);
        }

        private void score(
                int shard, CodeBatcher.MicroBatch microBatch, List<CodeSequence> sequences, double[][][] logProbs) {
            double[][] rows = Likelihood.logProbs(replicas.model(shard), workspaces.of(shard), microBatch.batch());
            int width = microBatch.batch().shape().steps();
            for (int b = 0; b < microBatch.members().length; b++) {
                int[][] codes = sequences.get(microBatch.members()[b]).codes();
                double[][] own = new double[codes.length][codes[0].length];
                for (int k = 0; k < codes.length; k++) {
                    for (int f = 0; f < codes[k].length; f++) {
                        int step = layout.step(k, f);
                        own[k][f] = step < 0 ? Double.NaN : rows[k][b * width + step];
                    }
                }
                logProbs[microBatch.members()[b]] = own;
            }
        }
    }
}
