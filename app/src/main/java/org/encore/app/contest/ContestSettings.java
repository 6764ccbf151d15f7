package org.encore.app.contest;

import java.util.List;
import org.encore.base.settings.Checks;
import org.encore.music.corpus.Split;
import org.encore.preferences.simulation.Judges;
import org.encore.rewards.mixture.Mixture.OnFailure;
import org.encore.rewards.specs.MixtureSpec;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.run.ComputeSettings;
import org.encore.trainer.pretraining.CorpusSource;

/**
 * How models are compared.
 *
 * @param seed seed of the completions; every model has the same random stream on a prompt
 * @param corpus source of the held-out prompts, and of the training pieces that novelty is measured against
 * @param split which held-out prompts: {@code development} for choices, {@code test} for final figures
 * @param prompts number of prompts; the paper has 101, which with three judges are 303 judgements a pair
 * @param temperature divides the logits
 * @param guidanceScale scale of classifier-free guidance, in sampling and in the KL; 1 is none, MusicGen uses 3
 * @param maxFrames longest completion in frames, limited to the positions of the model
 * @param rewards rewards that score every completion; weights do not matter, since none is trained on
 * @param onRewardFailure what to do when a reward throws or returns scores that are not finite
 * @param judges the simulated raters
 * @param trainingPieces training pieces among which the nearest to each completion is sought; 0 leaves that out
 * @param players prompts whose completions are written as sound and shown side by side
 * @param compute parallelism and memory
 */
public record ContestSettings(
        long seed,
        CorpusSource corpus,
        Split split,
        int prompts,
        double temperature,
        double guidanceScale,
        int maxFrames,
        List<RewardEntry> rewards,
        OnFailure onRewardFailure,
        Judges.Settings judges,
        int trainingPieces,
        int players,
        ComputeSettings compute) {
    public ContestSettings {
        rewards = new MixtureSpec(rewards, onRewardFailure).rewards();
        Checks.atLeast("prompts", prompts, 1);
        Checks.within("temperature", temperature, 0.0, 10.0);
        Checks.within("guidanceScale", guidanceScale, 0.0, 100.0);
        Checks.atLeast("maxFrames", maxFrames, 1);
        Checks.atLeast("trainingPieces", trainingPieces, 0);
        Checks.atLeast("players", players, 0);
    }

    /** The same contest with other completions, judges and noise. */
    ContestSettings seeded(long more) {
        return new ContestSettings(
                seed + more,
                corpus,
                split,
                prompts,
                temperature,
                guidanceScale,
                maxFrames,
                rewards,
                onRewardFailure,
                judges.seeded(more),
                trainingPieces,
                players,
                compute);
    }

    /** The paper's numbers of prompts and judges, on development prompts. */
    public static ContestSettings defaults() {
        return new ContestSettings(
                11,
                CorpusSource.defaults(),
                Split.DEVELOPMENT,
                101,
                1.0,
                1.0,
                256,
                MixtureSpec.defaults().rewards(),
                MixtureSpec.defaults().onFailure(),
                Judges.Settings.defaults(),
                1024,
                4,
                ComputeSettings.defaults());
    }
}
