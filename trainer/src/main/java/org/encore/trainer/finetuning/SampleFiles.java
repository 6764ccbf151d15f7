package org.encore.trainer.finetuning;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.files.AtomicFiles;
import org.encore.music.midi.MidiFiles;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.Judgement;
import org.encore.rewards.mixture.MemberScores;

/** Samples to listen to: WAV, MIDI where there are notes, and a JSON file with prompt and scores. */
final class SampleFiles {
    private SampleFiles() {}

    /** Writes the first {@code count} samples of a judged batch into a directory. */
    static void write(Path directory, long step, List<Sample> samples, Judgement judgement, int count)
            throws IOException {
        for (int i = 0; i < Math.min(count, samples.size()); i++) {
            String name = String.format(Locale.ROOT, "%03d", i);
            Sample sample = samples.get(i);
            Waveform waveform = sample.clip().waveform();
            WaveFiles.write(directory.resolve(name + ".wav"), waveform);
            if (sample.clip().piece().isPresent() && !sample.clip().piece().get().notes().isEmpty()) {
                MidiFiles.write(directory.resolve(name + ".mid"), sample.clip().piece().get());
            }
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("prompt", sample.prompt().text());
            facts.put("step", step);
            facts.put("seconds", waveform.seconds());
            facts.put("scores", scores(judgement, i));
            if (!judgement.scores().get(i).abstains()) {
                facts.put("total", judgement.scores().get(i).value());
            }
            facts.put("explanation", judgement.scores().get(i).explanation());
            AtomicFiles.write(
                    directory.resolve(name + ".json"),
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(facts));
        }
    }

    private static Map<String, Double> scores(Judgement judgement, int sample) {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (MemberScores member : judgement.members()) {
            if (!member.abstains(sample)) {
                scores.put(member.id(), member.raw(sample));
            }
        }
        return scores;
    }
}
