package org.encore.rewards.quality;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.Clip;
import org.encore.music.corpus.Split;
import org.encore.music.degradation.Damage;
import org.encore.music.degradation.Degradation;
import org.encore.music.degradation.Degradation.Degradations;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.junit.jupiter.api.Test;

/** The shipped estimator detects damage of unseen clips. */
class ShippedQualityTest {
    private static final int CLIPS = 4;

    private final RatedClips clips =
            new RatedClips(1, Synthesiser.Settings.standard().sampleRate());

    private double mean(RewardModel reward, Damage damage) {
        double sum = 0.0;
        for (int i = 0; i < CLIPS; i++) {
            Clip clip = Clip.of(clips.heldOut(Split.DEVELOPMENT, i, damage).sound());
            sum += reward.score(List.of(Sample.of(new Prompt("music", Attributes.NONE), clip)))
                    .get(0)
                    .value();
        }
        return sum / CLIPS;
    }

    @Test
    void everyDegradationCostsAtLeastAPoint() throws Exception {
        RewardModel reward = new AudioQuality(Path.of("..", "checkpoints", "rewards", "quality")).reward("q");
        double clean = mean(reward, Damage.NONE);
        assertTrue(clean > 3.5, "clean " + clean);
        for (Degradation degradation : Degradations.all()) {
            double spoilt = mean(reward, Damage.of(degradation, 1.0));
            assertTrue(spoilt < clean - 1.0, degradation.name() + " " + spoilt + " against " + clean);
        }
    }
}
