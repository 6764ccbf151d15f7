package org.encore.rewards.mixture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.encore.base.settings.Checks;
import org.encore.rewards.CheckedReward;
import org.encore.rewards.Explanation;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.mixture.Normaliser.Bounds;
import org.encore.rewards.mixture.Normaliser.RunningMoments;
import org.encore.rewards.mixture.RewardScores.MemberScores;

/**
 * A weighted sum of rewards: total = Σ weight · clip(normalise(raw)).
 *
 * <p>If some rewards abstain from a sample, their weight is distributed over the others in proportion, so that totals
 * stay comparable; if all with a weight abstain, so does the mixture. This is our choice, and presumes normalised
 * scores on a common scale.
 *
 * <p>Immutable: {@link #score} returns the state for the next batch, which the caller passes to {@link #withState}. As
 * thread-safe as its members.
 *
 * @paper Cideron et al. 2024, MusicRL, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>: a linear
 *     combination of rewards brought to one scale; the paper does not publish the weights
 */
public final class Mixture implements RewardModel {
    private final List<Member> members;
    private final OnFailure onFailure;
    private final MixtureState state;

    private Mixture(List<Member> members, OnFailure onFailure, MixtureState state) {
        this.members = members;
        this.onFailure = onFailure;
        this.state = state;
    }

    /** A mixture that has scored nothing yet; members must be at least one and have different ids. */
    public static Mixture of(List<Member> members, OnFailure onFailure) {
        requireDistinct(members.stream().map(Member::id).toList());
        return new Mixture(List.copyOf(members), onFailure, MixtureState.initial());
    }

    /**
     * Checks that there is a reward, and that metrics can tell all of them apart.
     *
     * @throws IllegalArgumentException if there is none, or two have the same id
     */
    public static void requireDistinct(List<String> ids) {
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("rewards is empty, but there must be at least one");
        }
        Set<String> seen = new HashSet<>();
        for (String id : ids) {
            if (!seen.add(id)) {
                throw new IllegalArgumentException("rewards has two members with the id " + id
                        + ", but metrics must tell them apart; give one an id");
            }
        }
    }

    /**
     * The same rewards in another state; a reward that the state does not contain starts without moments.
     *
     * @throws IllegalArgumentException if the state contains a reward that is not in the mixture
     */
    public Mixture withState(MixtureState other) {
        List<String> ids = members.stream().map(Member::id).toList();
        for (String id : other.moments().keySet()) {
            if (!ids.contains(id)) {
                throw new IllegalArgumentException(
                        "the state knows a reward " + id + ", but the mixture has only " + String.join(", ", ids));
            }
        }
        return new Mixture(members, onFailure, other);
    }

    /** The same mixture in the same state, of other rewards in the place of each. */
    public Mixture withRewards(List<RewardModel> others) {
        List<Member> replaced = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            Member each = members.get(i);
            replaced.add(new Member(others.get(i), each.weight(), each.schedule(), each.normaliser(), each.clip()));
        }
        return new Mixture(List.copyOf(replaced), onFailure, state);
    }

    /** The rewards with their weights. */
    public List<Member> members() {
        return members;
    }

    /** The state after the batches so far. */
    public MixtureState state() {
        return state;
    }

    @Override
    public String id() {
        return "mixture";
    }

    /** The totals of {@link #rewardScores}; the state does not change. */
    @Override
    public List<Score> score(List<Sample> batch) {
        return rewardScores(batch).scores();
    }

    /**
     * Scores a batch.
     *
     * @throws RewardFailure if a reward breaks its contract, under {@link OnFailure#STOP}
     */
    public RewardScores rewardScores(List<Sample> batch) {
        List<RewardFailure> failures = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        Map<String, RunningMoments> moments = new LinkedHashMap<>();
        Map<String, RunningMoments> first = new LinkedHashMap<>();
        for (Member member : members) {
            List<Score> scores = onFailure == OnFailure.STOP
                    ? CheckedReward.score(member.reward(), batch)
                    : CheckedReward.score(member.reward(), batch, failures::add);
            RunningMoments observed = observed(state.momentsOf(member.id()), scores);
            moments.put(member.id(), observed);
            if (member.normaliser().usesFirstScores()) {
                RunningMoments measured = state.firstOf(member.id());
                first.put(member.id(), measured.variance() > 0.0 ? measured : observed(RunningMoments.NONE, scores));
            }
            columns.add(new Column(
                    member, member.weightAt(state.step()), scores, first.getOrDefault(member.id(), observed)));
        }
        List<Score> totals = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            totals.add(total(columns, i));
        }
        return new RewardScores(
                totals,
                columns.stream().map(Column::toScores).toList(),
                failures,
                new MixtureState(state.step() + 1, moments, first));
    }

    private static RunningMoments observed(RunningMoments before, List<Score> scores) {
        RunningMoments observed = before;
        for (Score score : scores) {
            observed = score.abstains() ? observed : observed.plus(score.value());
        }
        return observed;
    }

    private static Score total(List<Column> columns, int sample) {
        double weightOfAll = 0.0;
        double weightOfPresent = 0.0;
        int present = 0;
        for (Column column : columns) {
            weightOfAll += column.weight();
            weightOfPresent += column.abstains(sample) ? 0.0 : column.weight();
            present += column.abstains(sample) ? 0 : 1;
        }
        if (present == 0 || (weightOfPresent == 0.0 && weightOfAll > 0.0)) {
            return Score.abstention("every reward that counts abstains");
        }
        double share = weightOfPresent == 0.0 ? 1.0 : weightOfAll / weightOfPresent;
        List<Explanation> parts = new ArrayList<>();
        for (Column column : columns) {
            if (!column.abstains(sample)) {
                parts.add(column.weighted(sample, share));
            }
        }
        return Score.of(Explanation.sum("weighted rewards", parts));
    }

    /** The scores of one member while a batch is being scored. */
    static final class Column {
        private final Member member;
        private final double weight;
        private final List<Score> scores;
        private final double[] normalised;
        private final double[] weighted;

        Column(Member member, double weight, List<Score> scores, RunningMoments observed) {
            this.member = member;
            this.weight = weight;
            this.scores = scores;
            this.normalised = new double[scores.size()];
            this.weighted = new double[scores.size()];
            Arrays.fill(weighted, Double.NaN);
            for (int i = 0; i < normalised.length; i++) {
                normalised[i] =
                        abstains(i) ? Double.NaN : normalised(scores.get(i).value(), observed);
            }
        }

        double weight() {
            return weight;
        }

        boolean abstains(int sample) {
            return scores.get(sample).abstains();
        }

        /** Weights a score, stores the result, and explains it. */
        Explanation weighted(int sample, double share) {
            Explanation part = Explanation.product(
                    member.id(),
                    Explanation.leaf(
                            weight * share, share == 1.0 ? "weight" : "weight, with that of abstaining rewards"),
                    Explanation.derived(
                            normalised[sample],
                            "score, " + member.normaliser().description(),
                            scores.get(sample).explanation()));
            weighted[sample] = part.value();
            return part;
        }

        MemberScores toScores() {
            return new MemberScores(member.id(), weight, scores, normalised, weighted);
        }

        private double normalised(double raw, RunningMoments observed) {
            return member.clip().clipped(member.normaliser().normalised(raw, observed));
        }
    }

    /**
     * The state of a mixture; with it, a resumed run scores as an uninterrupted one.
     *
     * @param step number of batches scored
     * @param moments moments of the raw scores of each reward, by its id
     * @param first the same of the first scores that differ, of rewards whose normaliser measures them; null, as in files of
     *     earlier versions, for none
     */
    public record MixtureState(int step, Map<String, RunningMoments> moments, Map<String, RunningMoments> first) {
        public MixtureState {
            Checks.atLeast("step", step, 0);
            moments = Collections.unmodifiableMap(new LinkedHashMap<>(moments));
            first = first == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(first));
        }

        /** Nothing scored yet. */
        public static MixtureState initial() {
            return new MixtureState(0, Map.of(), Map.of());
        }

        /** The moments of a reward; {@link RunningMoments#NONE} if it is new. */
        RunningMoments momentsOf(String id) {
            return moments.getOrDefault(id, RunningMoments.NONE);
        }

        /** The moments of the first scores of a reward; {@link RunningMoments#NONE} if not measured. */
        RunningMoments firstOf(String id) {
            return first.getOrDefault(id, RunningMoments.NONE);
        }
    }

    /** Reaction to a reward that throws or returns scores that are not finite. */
    public enum OnFailure {
        /** Stops the run with the failure. */
        STOP,
        /** Counts the failure as an abstention of the reward, and reports it in metrics and log. */
        SKIP
    }

    /**
     * A reward of a mixture with its weight.
     *
     * @param reward the reward
     * @param weight weight of its normalised score, at least 0; 0 only reports it in metrics
     * @param schedule factor of the weight over the steps
     * @param normaliser maps its scores to the common scale
     * @param clip bounds of its normalised scores
     */
    public record Member(
            RewardModel reward, double weight, WeightSchedule schedule, Normaliser normaliser, Bounds clip) {
        public Member {
            Objects.requireNonNull(reward, "reward");
            Objects.requireNonNull(schedule, "schedule");
            Objects.requireNonNull(normaliser, "normaliser");
            Objects.requireNonNull(clip, "clip");
            requireValid(reward.id(), weight);
        }

        /** A reward without normalisation, schedule and bounds. */
        public static Member of(RewardModel reward, double weight) {
            return new Member(reward, weight, WeightSchedule.defaults(), Normaliser.defaults(), Bounds.defaults());
        }

        /**
         * Checks id and weight.
         *
         * @throws IllegalArgumentException if the id does not fit metric names, or the weight is negative or not finite
         */
        public static void requireValid(String id, double weight) {
            if (!id.matches("[A-Za-z0-9._-]+")) {
                throw new IllegalArgumentException(
                        "id is \"" + id + "\", but must consist of letters, digits, dots, dashes and underscores");
            }
            Checks.atLeast("weight", weight, 0.0);
        }

        /** The id of the reward. */
        public String id() {
            return reward.id();
        }

        /** The weight at a step. */
        double weightAt(int step) {
            return weight * schedule.factorAt(step);
        }
    }
}
