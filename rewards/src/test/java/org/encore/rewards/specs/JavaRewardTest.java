package org.encore.rewards.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.encore.music.Note;
import org.encore.music.text.Attributes;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.RewardModel;
import org.encore.rewards.RewardProvider;
import org.encore.rewards.Sample;
import org.encore.rewards.SampleReward;
import org.encore.rewards.Score;
import org.encore.rewards.TestRewards;
import org.junit.jupiter.api.Test;

/** A reward from a provider that META-INF/services of the test resources names. */
class JavaRewardTest {
    /** An external reward for high notes. */
    public static final class Pitches implements RewardProvider {
        @Override
        public String name() {
            return "mean-pitch";
        }

        @Override
        public RewardModel reward(String id, SortedMap<String, String> options) {
            String key = options.getOrDefault("lowest", "0");
            if (!key.matches("\\d+")) {
                throw new IllegalArgumentException("lowest is \"" + key + "\", but must be a MIDI key");
            }
            return new MeanPitch(options.getOrDefault("called", id), Integer.parseInt(key));
        }
    }

    private record MeanPitch(String id, int lowest) implements SampleReward {
        @Override
        public Score score(Sample sample) {
            if (sample.clip().piece().isEmpty()) {
                return Score.abstention("no notes");
            }
            double mean = sample.clip().piece().get().notes().stream()
                    .mapToInt(Note::pitch)
                    .average()
                    .orElse(lowest);
            return Score.of(mean - lowest, "semitones above " + lowest);
        }
    }

    private static Java spec(String name, Map<String, String> options) {
        return new Java(name, options, 60.0);
    }

    @Test
    void aProviderOnTheClassPathMakesTheReward() {
        RewardModel reward = spec("mean-pitch", Map.of("lowest", "21")).reward("high");
        assertEquals("high", reward.id());
        List<Score> scores = reward.score(List.of(
                TestRewards.sample(Attributes.NONE, TestRewards.emptyPiece()),
                TestRewards.silence(1).get(0)));
        assertEquals(0.0, scores.get(0).value(), 0.0);
        assertEquals("no notes", scores.get(1).explanation().description());
    }

    @Test
    void errorsAreOneLine() {
        assertRefused(
                "name is \"mean\", but the providers on the class path are mean-pitch; add the jar to ENCORE_CLASSPATH",
                () -> spec("mean", Map.of()));
        assertRefused("lowest is \"A0\", but must be a MIDI key", () -> spec("mean-pitch", Map.of("lowest", "A0"))
                .reward("high"));
        assertRefused(
                "name is \"mean-pitch\", but that provider made a reward with the id \"low\" instead of \"high\"",
                () -> spec("mean-pitch", Map.of("called", "low")).reward("high"));
        assertRefused(
                "timeoutSeconds is 0.0, but must be above 0 and finite", () -> new Java("mean-pitch", Map.of(), 0.0));
    }

    @Test
    void aRewardThatThrowsIsNamed() {
        RewardModel reward = spec("mean-pitch", Map.of()).reward("high");
        assertEquals(
                "reward high failed: NullPointerException",
                assertThrows(RewardFailure.class, () -> reward.score(Arrays.asList((Sample) null)))
                        .getMessage()
                        .replaceAll("Cannot invoke.*", "NullPointerException"));
    }

    private static void assertRefused(String message, Runnable refused) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, refused::run).getMessage());
    }
}
