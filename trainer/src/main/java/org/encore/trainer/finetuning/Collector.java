package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.encore.music.text.Prompt;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.RewardScores;
import org.encore.trainer.finetuning.Iteration.Environment;
import org.encore.trainer.finetuning.Workers.Draw;
import org.encore.trainer.finetuning.Workers.Takes;

/** Lets the policy generate for prompts, and scores what it made. */
final class Collector {
    private final FineTuneSettings settings;
    private final Workers workers;
    private final Environment environment;

    Collector(FineTuneSettings settings, Workers workers, Environment environment) {
        this.settings = settings;
        this.workers = workers;
        this.environment = environment;
    }

    /** What was made, as samples with their scores and as sequences of steps. */
    record Collected(Takes takes, Rollouts rollouts) {
        RewardScores scores() {
            return takes.scores();
        }
    }

    /** Prompts of the run's set in a row, from one on. */
    List<Prompt> prompts(long first, int count) {
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            prompts.add(
                    settings.rollout().prompts() == FineTuneSettings.Rollout.PromptSet.TUNING
                            ? environment.corpus().tuningPrompt(first + i)
                            : environment.corpus().trainPrompt(first + i));
        }
        return prompts;
    }

    /**
     * Generates and scores.
     *
     * @param step number of the iteration, for the randomness; iterations begin at 1
     * @param each samples of each prompt
     * @param mixture scores in its present state
     * @param timings receives the phases {@code generate} and {@code reward}
     */
    Collected collect(long step, List<Prompt> prompts, int each, Mixture mixture, Timings timings) {
        List<Prompt> repeated = new ArrayList<>();
        prompts.forEach(prompt -> repeated.addAll(Collections.nCopies(each, prompt)));
        int[] groups = IntStream.range(0, repeated.size()).map(i -> i / each).toArray();
        Takes takes = workers.take(Draw.ofIteration(repeated, step), mixture, timings, done -> {});
        return new Collected(takes, new Rollouts(repeated, takes.completions(), groups));
    }

    Workers workers() {
        return workers;
    }

    /** The rewards. */
    Mixture rewards() {
        return environment.mixture();
    }

    /** Samples to learn from: those with a score, if their prompt has as many scored samples as are needed. */
    static int[] scoredSamples(RewardScores rewardScores, int[] groups, int fewest) {
        int[] scoredInGroup = new int[Arrays.stream(groups).max().orElse(0) + 1];
        for (int b = 0; b < groups.length; b++) {
            scoredInGroup[groups[b]] += rewardScores.scores().get(b).abstains() ? 0 : 1;
        }
        return IntStream.range(0, groups.length)
                .filter(b -> !rewardScores.scores().get(b).abstains() && scoredInGroup[groups[b]] >= fewest)
                .toArray();
    }

    /** Scores of some samples, less the penalty of those without an end. */
    double[] scores(Rollouts rollouts, int[] members, RewardScores rewardScores) {
        double penalty = settings.rollout().missingEndPenalty();
        return Arrays.stream(members)
                .mapToDouble(b -> rewardScores.scores().get(b).value()
                        - (penalty > 0.0
                                        && rollouts.isCut(b, environment.codec().endCode())
                                ? penalty
                                : 0.0))
                .toArray();
    }
}
