package org.encore.preferences.training;

import java.util.List;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.learning.Learner.Loss;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.MusicTransformer;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.preferences.training.Bundling.Bundle;
import org.encore.rewards.preference.NetworkScores;
import org.encore.statistics.BradleyTerry;

/**
 * Mean loss of the votes of a batch; the clips of a bundle make one micro-batch.
 *
 * @param scores how a pass becomes scores
 * @param likelihood of the votes
 * @param batch the bundles of the whole batch; their clips follow each other in the sequences of the batch
 */
record PairLoss(NetworkScores scores, BradleyTerry likelihood, List<Bundle> batch) implements Loss<PairLoss.Share> {
    PairLoss {
        batch = List.copyOf(batch);
    }

    /**
     * What a micro-batch adds.
     *
     * @param loss its part of the mean over the batch
     * @param right strict votes whose preferred clip has the higher score
     */
    record Share(double loss, double right) {}

    @Override
    public Share gradient(
            int shard, CodeBatcher.MicroBatch microBatch, MusicTransformer model, Activations activations) {
        double[] pooled = scores.pooled(microBatch, model, activations);
        double[] byScore = new double[pooled.length];
        double loss = 0.0;
        double right = 0.0;
        for (Comparison vote : bundleFrom(microBatch.members()[0]).votes()) {
            double margin = pooled[vote.a()] - pooled[vote.b()];
            double slope = likelihood.gradient(margin, vote.outcome()) / votes();
            loss += likelihood.loss(margin, vote.outcome()) / votes();
            right += margin * vote.outcome() > 0.0 ? 1.0 : 0.0;
            byScore[vote.a()] += slope;
            byScore[vote.b()] -= slope;
        }
        scores.writeGradient(byScore, microBatch, model, activations);
        return new Share(loss, right);
    }

    private int votes() {
        return batch.stream().mapToInt(bundle -> bundle.votes().size()).sum();
    }

    /** The bundle whose first clip is the sequence of this number. */
    private Bundle bundleFrom(int sequence) {
        int first = 0;
        for (Bundle bundle : batch) {
            if (first == sequence) {
                return bundle;
            }
            first += bundle.clips().size();
        }
        throw new IllegalArgumentException("no bundle begins at sequence " + sequence);
    }
}
