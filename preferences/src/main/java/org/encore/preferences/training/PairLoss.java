package org.encore.preferences.training;

import java.util.List;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.learning.Loss;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.MusicTransformer;
import org.encore.rewards.learned.NetworkScores;

/**
 * Mean loss of the pairs of a batch; both clips of a pair stand side by side in one micro-batch, a before b.
 *
 * @param scores how a pass becomes scores
 * @param likelihood of the votes
 * @param batch the votes of the whole batch; the sequences 2i and 2i + 1 of the batch are the clips of vote i
 */
record PairLoss(NetworkScores scores, PairLikelihood likelihood, List<Comparison> batch)
        implements Loss<PairLoss.Share> {
    /**
     * What a micro-batch adds.
     *
     * @param loss its part of the mean over the batch
     * @param right strict votes whose preferred clip has the higher score
     */
    record Share(double loss, double right) {}

    @Override
    public Share gradient(int shard, CodeBatcher.Part part, MusicTransformer model, Activations activations) {
        double[] pooled = scores.pooled(part, model, activations);
        double[] byScore = new double[pooled.length];
        double loss = 0.0;
        double right = 0.0;
        for (int b = 0; b < pooled.length; b += 2) {
            Comparison vote = batch.get(part.members()[b] / 2);
            double margin = pooled[b] - pooled[b + 1];
            loss += likelihood.loss(margin, vote.outcome()) / batch.size();
            right += margin * vote.outcome() > 0.0 ? 1.0 : 0.0;
            byScore[b] = likelihood.gradient(margin, vote.outcome()) / batch.size();
            byScore[b + 1] = -byScore[b];
        }
        scores.writeGradient(byScore, part, model, activations);
        return new Share(loss, right);
    }
}
