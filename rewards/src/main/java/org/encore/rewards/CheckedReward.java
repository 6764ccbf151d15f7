package org.encore.rewards;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Calls a reward and checks its contract. */
public final class CheckedReward {
    /** Squares of scores are added up: beyond it they would not be numbers any more. */
    private static final double LARGEST = 1e100;

    private CheckedReward() {}

    /**
     * Scores a batch; throws at the first breach of the contract.
     *
     * @throws RewardFailure if the reward throws, returns the wrong number of scores, none, or one that is not finite
     */
    public static List<Score> score(RewardModel reward, List<Sample> batch) {
        return score(reward, batch, failure -> {
            throw failure;
        });
    }

    /**
     * Scores a batch; a breach of the contract becomes an abstention: for one sample if its score is not finite, for
     * the whole batch otherwise.
     *
     * @param onFailure receives every breach
     */
    public static List<Score> score(RewardModel reward, List<Sample> batch, Consumer<RewardFailure> onFailure) {
        List<Score> scores;
        try {
            scores = reward.score(batch);
        } catch (RewardFailure failure) {
            return abstentions(batch.size(), failure, onFailure);
        } catch (RuntimeException | LinkageError thrown) {
            return abstentions(batch.size(), new RewardFailure(reward.id(), thrown), onFailure);
        }
        if (scores == null || scores.size() != batch.size()) {
            return abstentions(
                    batch.size(),
                    new RewardFailure(
                            reward.id(),
                            "returned " + (scores == null ? "nothing" : scores.size() + " scores") + " for "
                                    + batch.size() + " samples"),
                    onFailure);
        }
        List<Score> checked = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            checked.add(checked(reward, i, scores.get(i), onFailure));
        }
        return checked;
    }

    private static Score checked(RewardModel reward, int i, Score score, Consumer<RewardFailure> onFailure) {
        if (score != null && (score.abstains() || Math.abs(score.value()) <= LARGEST)) {
            return score;
        }
        String returned = score == null ? "no score" : String.valueOf(score.value());
        String allowed = score != null && Double.isFinite(score.value())
                ? "but scores are from -" + LARGEST + " to " + LARGEST
                : "but must be finite or abstain";
        return abstention(
                new RewardFailure(reward.id(), "returned " + returned + " for sample " + i + ", " + allowed),
                onFailure);
    }

    private static List<Score> abstentions(int count, RewardFailure failure, Consumer<RewardFailure> onFailure) {
        Score abstention = abstention(failure, onFailure);
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            scores.add(abstention);
        }
        return scores;
    }

    private static Score abstention(RewardFailure failure, Consumer<RewardFailure> onFailure) {
        onFailure.accept(failure);
        return Score.abstention(failure.getMessage());
    }
}
