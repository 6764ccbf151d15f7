package org.encore.app.commands.preferences.learning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.TerminalProgress;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.Clip;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.preferences.comparisons.ComparisonSet;
import org.encore.preferences.simulation.ClipTable;
import org.encore.rewards.CheckedReward;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.specs.RewardKinds;

/**
 * A predictor of votes: the clip with the higher score wins.
 *
 * @param name of the score
 * @param description in words, for a table
 * @param values of all clips
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
record SingleScore(String name, String description, double[] values) {
    private static final int BATCH = 32;

    /** What a simulation has found in the clips; nothing if no such table lies there. */
    static List<SingleScore> found(Path table, ComparisonSet votes) throws IOException {
        if (!Files.isRegularFile(table)) {
            return List.of();
        }
        ClipTable found = ClipTable.read(table);
        List<SingleScore> scores = new ArrayList<>();
        for (String name : found.names()) {
            String description = name.equals(ClipTable.UTILITY)
                    ? "mean taste of the raters: the ceiling"
                    : "taste alone: " + name + " as raters hear it";
            double[] values = votes.clips().stream()
                    .mapToDouble(clip -> found.score(clip.file(), name))
                    .toArray();
            scores.add(new SingleScore(name, description, values));
        }
        return scores;
    }

    /**
     * What a learned reward says to the clips, rendered; where it abstains, it says what it says on average.
     *
     * @param directory the reward
     */
    static SingleScore of(Path directory, ComparisonSet votes) {
        Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());
        RewardModel reward = RewardKinds.open(directory.getFileName().toString(), Machine.locate(directory));
        double[] values = new double[votes.clips().size()];
        try (TerminalProgress progress = TerminalProgress.open("scoring")) {
            for (int first = 0; first < values.length; first += BATCH) {
                int end = Math.min(first + BATCH, values.length);
                List<Score> scores = CheckedReward.score(
                        reward,
                        votes.clips().subList(first, end).stream()
                                .map(clip -> sample(clip, synthesiser))
                                .toList());
                for (int clip = first; clip < end; clip++) {
                    Score score = scores.get(clip - first);
                    values[clip] = score.abstains() ? Double.NaN : score.value();
                }
                progress.step(end, values.length, reward.id());
            }
        }
        double usual = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(0.0);
        double[] filled = Arrays.stream(values)
                .map(value -> Double.isNaN(value) ? usual : value)
                .toArray();
        return new SingleScore("reward-" + reward.id(), "learned reward alone: " + reward.id(), filled);
    }

    private static Sample sample(ComparisonSet.Clip clip, Synthesiser synthesiser) {
        return Sample.of(
                new Prompt(clip.prompt(), Attributes.NONE),
                Clip.of(clip.piece(), () -> synthesiser.render(clip.piece())));
    }
}
