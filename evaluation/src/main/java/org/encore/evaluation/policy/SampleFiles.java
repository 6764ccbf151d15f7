package org.encore.evaluation.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.encore.music.codec.ClipFiles;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.RewardScores;
import org.encore.rewards.mixture.RewardScores.MemberScores;
import org.encore.run.RunDirectory;

/** Writes samples as files: WAV, MIDI for samples with notes, and JSON with prompt and scores. */
public final class SampleFiles {
    private final Path directory;
    private final long step;
    private final double loudness;

    /**
     * Creates a writer for the samples of a step.
     *
     * @param loudness of the files in LUFS, or 0; the clips of the samples stay as they are, for rewards hear them
     */
    public SampleFiles(RunDirectory run, long step, double loudness) {
        this.loudness = loudness;
        this.directory = run.samples(step);
        this.step = step;
    }

    /** Writes the first {@code count} samples of a batch with their scores. */
    public void write(List<Sample> samples, RewardScores rewardScores, int count) throws IOException {
        for (int i = 0; i < Math.min(count, samples.size()); i++) {
            write(i, samples.get(i), described(rewardScores, i));
        }
    }

    /** Writes samples without scores. */
    public void write(List<Sample> samples) throws IOException {
        for (int i = 0; i < samples.size(); i++) {
            write(i, samples.get(i), Map.of());
        }
    }

    private void write(int index, Sample sample, Map<String, ?> more) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>(Map.of("step", step));
        facts.putAll(more);
        String name = String.format(Locale.ROOT, "%03d", index);
        ClipFiles.write(
                directory, name, sample.clip(), loudness, sample.prompt().text(), facts);
    }

    private static Map<String, Object> described(RewardScores rewardScores, int sample) {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (MemberScores member : rewardScores.members()) {
            if (!member.abstains(sample)) {
                scores.put(member.id(), member.raw(sample));
            }
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("scores", scores);
        if (!rewardScores.scores().get(sample).abstains()) {
            fields.put("total", rewardScores.scores().get(sample).value());
        }
        fields.put("explanation", rewardScores.scores().get(sample).explanation());
        return fields;
    }
}
