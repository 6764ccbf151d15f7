package org.encore.rewards.preference;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.kernels.Tensor;
import org.encore.model.learning.Learner;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Workspaces;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.DecoderTap;
import org.encore.model.transformer.MusicTransformer;

/**
 * Scores clips with a transformer with a scalar head, by pooling its outputs over the steps.
 *
 * @param replicas the network
 * @param workspaces buffers of the network
 * @param batcher lays clips out in micro-batches
 * @param pooling how the outputs of all steps become one score
 */
public record NetworkScores(Replicas replicas, Workspaces workspaces, CodeBatcher batcher, Pooling pooling) {
    /**
     * Scores clips, each in a pass of its own: the rows of a product may round each other differently, and the score of a clip must
     * not depend on what is scored with it.
     *
     * @return in the order of the clips
     */
    public double[] of(List<CodeSequence> clips) {
        List<CodeBatcher.MicroBatch> microBatches = batcher.cut(clips, 1);
        List<double[]> pooled = Learner.overMicroBatches(replicas, microBatches, (shard, microBatch) -> {
            MusicTransformer model = replicas.model(shard);
            model.forward(workspaces.of(shard), microBatch.batch().inputs());
            return pooled(microBatch, model, workspaces.of(shard));
        });
        double[] scores = new double[clips.size()];
        for (int i = 0; i < microBatches.size(); i++) {
            int[] members = microBatches.get(i).members();
            for (int b = 0; b < members.length; b++) {
                scores[members[b]] = pooled.get(i)[b];
            }
        }
        return scores;
    }

    /**
     * Pools the normalised states of the last layer, in which the score of a clip is linear.
     *
     * @return in the order of the clips
     * @shape result {@code [clips][width]}
     */
    public double[][] states(List<CodeSequence> clips) {
        List<CodeBatcher.MicroBatch> microBatches =
                batcher.cut(clips, workspaces.capacity().batch());
        List<double[][]> pooled = Learner.overMicroBatches(replicas, microBatches, (shard, microBatch) -> {
            MusicTransformer model = replicas.model(shard);
            List<Tensor> seen = new ArrayList<>();
            model.forward(workspaces.of(shard), microBatch.batch().inputs(), seen::add, DecoderTap.NONE);
            return pooledStates(microBatch, model.kernels().readDoubles(seen.get(seen.size() - 1)));
        });
        double[][] states = new double[clips.size()][];
        for (int i = 0; i < microBatches.size(); i++) {
            int[] members = microBatches.get(i).members();
            for (int b = 0; b < members.length; b++) {
                states[members[b]] = pooled.get(i)[b];
            }
        }
        return states;
    }

    private double[][] pooledStates(CodeBatcher.MicroBatch microBatch, double[] rows) {
        int[] steps = microBatch.batch().steps();
        int padded = microBatch.batch().shape().steps();
        int width = rows.length / (steps.length * padded);
        double[][] pooled = new double[steps.length][width];
        for (int b = 0; b < steps.length; b++) {
            for (int step = 0; step < steps[b]; step++) {
                double weight = pooling.weight(step, steps[b]);
                int row = (b * padded + step) * width;
                for (int d = 0; weight != 0.0 && d < width; d++) {
                    pooled[b][d] += weight * rows[row + d];
                }
            }
        }
        return pooled;
    }

    /**
     * Pools the outputs of a forward pass.
     *
     * @shape result {@code [clips]}
     */
    public double[] pooled(CodeBatcher.MicroBatch microBatch, MusicTransformer model, Activations activations) {
        Tensor scalars = model.scalars(activations, microBatch.batch().shape());
        double[] rows = model.kernels().readDoubles(scalars);
        int[] steps = microBatch.batch().steps();
        int padded = microBatch.batch().shape().steps();
        double[] pooled = new double[steps.length];
        for (int b = 0; b < steps.length; b++) {
            pooled[b] = pooling.pooled(rows, b * padded, steps[b]);
        }
        return pooled;
    }

    /**
     * Overwrites the outputs of a forward pass with the gradient of a loss with respect to them.
     *
     * @shape byScore {@code [clips]}
     */
    public void writeGradient(
            double[] byScore, CodeBatcher.MicroBatch microBatch, MusicTransformer model, Activations activations) {
        int[] steps = microBatch.batch().steps();
        int padded = microBatch.batch().shape().steps();
        double[] rows = new double[steps.length * padded];
        for (int b = 0; b < steps.length; b++) {
            for (int step = 0; step < steps[b]; step++) {
                rows[b * padded + step] = byScore[b] * pooling.weight(step, steps[b]);
            }
        }
        model.kernels().write(model.scalars(activations, microBatch.batch().shape()), rows);
    }

    /** How the outputs of all steps become one score. */
    public enum Pooling {
        /** The output of the last step, whose state depends on all codes. */
        LAST {
            @Override
            public double weight(int step, int steps) {
                return step == steps - 1 ? 1.0 : 0.0;
            }
        },
        /** The mean over all steps, which does not favour long clips. */
        MEAN {
            @Override
            public double weight(int step, int steps) {
                return 1.0 / steps;
            }
        };

        /** Weight of the output of a step; the weights of all steps of a clip sum to 1. */
        public abstract double weight(int step, int steps);

        /**
         * Pools the outputs of one clip.
         *
         * @param numbers outputs of all rows of a pass
         * @param from first row of the clip
         * @param steps number of rows of the clip
         */
        public double pooled(double[] numbers, int from, int steps) {
            double sum = 0.0;
            for (int step = 0; step < steps; step++) {
                sum += weight(step, steps) * numbers[from + step];
            }
            return sum;
        }
    }
}
