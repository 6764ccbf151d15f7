package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.parallel.Completion;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.RewardScores;
import org.encore.trainer.finetuning.Iteration.Environment;

/** Lets the policy generate for prompts, and scores what it made. */
final class Collector {
    private final FineTuneSettings settings;
    private final Networks networks;
    private final Environment environment;
    private final RandomStreams streams;

    Collector(FineTuneSettings settings, Networks networks, Environment environment) {
        this.settings = settings;
        this.networks = networks;
        this.environment = environment;
        this.streams = new RandomStreams(settings.seed());
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
     * Generates.
     *
     * @param step number of the iteration, for the randomness; iterations begin at 1
     * @param each samples of each prompt
     */
    Rollouts generate(long step, List<Prompt> prompts, int each) {
        List<Prompt> repeated = new ArrayList<>();
        int[] groups = new int[prompts.size() * each];
        for (int i = 0; i < groups.length; i++) {
            repeated.add(prompts.get(i / each));
            groups[i] = i / each;
        }
        List<Completion> completions = networks.generator()
                .generate(repeated.stream().map(Prompt::text).toList(), i -> streams.stream(Purpose.SAMPLING, step, i));
        Rollouts rollouts = new Rollouts(repeated, completions, groups);
        StepTables.requireFinite("log-probability of the policy", rollouts.steps(), rollouts.logProbs());
        return rollouts;
    }

    /** The samples as input of rewards. */
    List<Sample> samples(Rollouts rollouts) {
        return rollouts.samples(environment.codec());
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
