package org.encore.rewards.adherence;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.trained.LearningProgress;
import org.encore.rewards.trained.PolicySamples;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.rewards.trained.RewardKind;
import org.encore.rewards.trained.RewardReport;

/**
 * Text adherence: {@link AdherenceReward}, measured by {@link HeldOutChoices} and, on half as many pieces of the policy, by
 * {@link RefereeAgreement}.
 */
public final class AdherenceKind implements RewardKind {
    /** What {@code reward.json} calls it. */
    static final String NAME = "text-adherence";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean readsCaptions() {
        return true;
    }

    @Override
    public boolean hearsPolicy() {
        return true;
    }

    @Override
    public RewardModel open(String id, RewardDirectory directory) throws IOException {
        return AdherenceReward.open(id, directory);
    }

    @Override
    public RewardReport evaluate(RewardDirectory directory, int clips, PolicySamples policy, LearningProgress progress)
            throws IOException {
        AdherenceReward reward = AdherenceReward.open(NAME, directory);
        HeldOutChoices choices = HeldOutChoices.of(reward, clips, progress);
        List<Sample> played = policy.play(clips / 2);
        RefereeAgreement agreement = RefereeAgreement.of(reward, played);
        Map<String, Object> figures = new LinkedHashMap<>(choices.figures());
        figures.putAll(agreement.figures());
        return new RewardReport(figures, choices.table() + "\n" + agreement.table());
    }
}
