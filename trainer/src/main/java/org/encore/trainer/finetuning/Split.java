package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.RewardScores;
import org.encore.trainer.finetuning.ShardTask.MemberScores;

/**
 * Items by the task of their shard; in a task they keep their order, so its shards get their own.
 *
 * @param items of each task; a task without any is left out
 */
record Split(List<int[]> items) {
    /**
     * Splits the work of a phase.
     *
     * @param count number of items
     * @param shards of the run; item j is of shard j modulo their number
     * @param perTask neighbouring shards of a task
     */
    static Split of(int count, int shards, int perTask) {
        List<int[]> items = new ArrayList<>();
        for (int task = 0; task < shards / perTask; task++) {
            int of = task;
            int[] own = IntStream.range(0, count)
                    .filter(j -> j % shards / perTask == of)
                    .toArray();
            if (own.length > 0) {
                items.add(own);
            }
        }
        return new Split(items);
    }

    <R> List<ShardTask<R>> tasks(IntFunction<ShardTask<R>> task) {
        return IntStream.range(0, items.size()).mapToObj(task).toList();
    }

    /** The items of a task. */
    <T> List<T> chosen(List<T> all, int task) {
        return Arrays.stream(items.get(task)).mapToObj(all::get).toList();
    }

    /** Puts results of items back into their order. */
    <T> List<T> joined(List<? extends List<T>> byTask) {
        int count = items.stream().mapToInt(each -> each.length).sum();
        List<T> all = new ArrayList<>(Collections.nCopies(count, null));
        for (int task = 0; task < items.size(); task++) {
            for (int i = 0; i < items.get(task).length; i++) {
                all.set(items.get(task)[i], byTask.get(task).get(i));
            }
        }
        return all;
    }

    /**
     * Judges what the rewards returned elsewhere, all samples together.
     *
     * @param byTask of each task the scores of each reward
     * @param places the executor of each sample
     */
    RewardScores scores(
            Mixture mixture, List<? extends List<MemberScores>> byTask, List<Sample> samples, List<String> places) {
        List<RewardModel> rewards = new ArrayList<>();
        for (int m = 0; m < mixture.members().size(); m++) {
            int member = m;
            List<MemberScores> parts =
                    byTask.stream().map(each -> each.get(member)).toList();
            rewards.add(new Remote(mixture.members().get(m).id(), this, parts, places));
        }
        try {
            return mixture.withRewards(rewards).rewardScores(samples);
        } catch (RewardFailure failure) {
            Remote failed = (Remote) rewards.stream()
                    .filter(each -> each.id().equals(failure.id()))
                    .findFirst()
                    .orElseThrow();
            throw failed.placed(failure);
        }
    }

    /** A reward that has scored already, elsewhere. */
    private record Remote(String id, Split split, List<MemberScores> parts, List<String> places)
            implements RewardModel {
        @Override
        public List<Score> score(List<Sample> batch) {
            for (int task = 0; task < parts.size(); task++) {
                MemberScores part = parts.get(task);
                if (part.failure() != null) {
                    int[] items = split.items.get(task);
                    String at = part.failedAt() < 0
                            ? places.get(items[0])
                            : places.get(items[0]) + ", sample " + items[part.failedAt()];
                    throw new RewardFailure(id, part.failure() + " (" + at + ")");
                }
            }
            return split.joined(parts.stream().map(MemberScores::scores).toList());
        }

        /** A failure that names the executor, which only the first bad score tells. */
        RewardFailure placed(RewardFailure failure) {
            if (parts.stream().anyMatch(part -> part.failure() != null)) {
                return failure;
            }
            List<Score> scores = score(List.of());
            for (int i = 0; i < scores.size(); i++) {
                Score each = scores.get(i);
                if (each == null || (!each.abstains() && failure.problem().contains("sample " + i + ","))) {
                    return new RewardFailure(id, failure.problem() + " (" + places.get(i) + ")");
                }
            }
            return failure;
        }
    }
}
