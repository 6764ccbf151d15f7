package com.example;

import java.util.SortedMap;
import org.encore.music.Note;
import org.encore.rewards.RewardModel;
import org.encore.rewards.RewardProvider;
import org.encore.rewards.Sample;
import org.encore.rewards.SampleReward;
import org.encore.rewards.Score;

public final class HighNotes implements RewardProvider {
    @Override
    public String name() {
        return "high-notes";
    }

    @Override
    public RewardModel reward(String id, SortedMap<String, String> options) {
        return new Reward(id, Integer.parseInt(options.getOrDefault("lowest", "60")));
    }

    private record Reward(String id, int lowest) implements SampleReward {
        @Override
        public Score score(Sample sample) {
            if (sample.clip().piece().isEmpty()) {
                return Score.abstention("only sound, no notes");
            }
            double high = sample.clip().piece().get().notes().stream()
                    .mapToInt(Note::pitch)
                    .filter(pitch -> pitch >= lowest)
                    .count();
            return Score.of(high, "notes from " + lowest + " on");
        }
    }
}
