package org.encore.evaluation.forensics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.base.files.InvalidFileException;
import org.encore.music.Note;
import org.encore.music.analysis.MusicalMeasures;
import org.encore.music.analysis.Surface;
import org.encore.rewards.Sample;

/**
 * One sample of a run: a line of its {@code samples.jsonl}.
 *
 * @param step the iteration that generated it, from 1
 * @param sample its index in the iteration, from 0
 * @param prompt its prompt; empty in files of versions that did not record it
 * @param rewards raw scores by id, without abstentions
 * @param confounders metrics of {@link Confounders}
 * @param referee metrics of the referee
 */
public record SampleLine(
        long step,
        int sample,
        String prompt,
        Map<String, Double> rewards,
        Map<String, Double> confounders,
        Map<String, Double> referee) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STEP = "step";
    private static final String SAMPLE = "sample";
    private static final String PROMPT = "prompt";
    private static final String REWARDS = "rewards";
    private static final String CONFOUNDERS = "confounders";
    private static final String REFEREE = "referee";

    public SampleLine {
        rewards = Collections.unmodifiableMap(new LinkedHashMap<>(rewards));
        confounders = Collections.unmodifiableMap(new LinkedHashMap<>(confounders));
        referee = Collections.unmodifiableMap(new LinkedHashMap<>(referee));
    }

    /** The fields of the line, without the step. */
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(SAMPLE, sample);
        fields.put(PROMPT, prompt);
        fields.put(REWARDS, rewards);
        fields.put(CONFOUNDERS, confounders);
        fields.put(REFEREE, referee);
        return fields;
    }

    /**
     * Reads a file; an incomplete last line, which an interrupted run may leave, is skipped.
     *
     * @throws InvalidFileException if another line is malformed
     */
    public static List<SampleLine> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidFileException(file, "does not exist; only training by reinforcement writes it");
        }
        List<SampleLine> lines = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String text = reader.readLine();
            for (int number = 1; text != null; number++) {
                String next = reader.readLine();
                JsonNode tree = tree(text);
                if (tree.path(STEP).isIntegralNumber() && tree.path(SAMPLE).isInt()) {
                    lines.add(of(tree));
                } else if (next != null) {
                    throw new InvalidFileException(file, "line " + number + " does not describe a sample");
                }
                text = next;
            }
        } catch (CharacterCodingException e) {
            throw new InvalidFileException(file, "is damaged: it is not UTF-8 text", e);
        }
        return lines;
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private static SampleLine of(JsonNode tree) {
        return new SampleLine(
                tree.path(STEP).longValue(),
                tree.path(SAMPLE).intValue(),
                tree.path(PROMPT).asText(),
                metrics(tree.path(REWARDS)),
                metrics(tree.path(CONFOUNDERS)),
                metrics(tree.path(REFEREE)));
    }

    private static Map<String, Double> metrics(JsonNode tree) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        tree.properties().forEach(entry -> {
            if (entry.getValue().isNumber()) {
                metrics.put(entry.getKey(), entry.getValue().doubleValue());
            }
        });
        return metrics;
    }

    /**
     * Metrics of a sample that a reward may depend on although they do not make music better.
     *
     * <p>Of notes: {@code notes_loudness_db}, {@code notes_silence}, {@code seconds}, {@code mean_pitch} (register,
     * drums left out), {@code notes_per_second}, {@code repetition}. Of sound: {@code sound_loudness_db} and {@code
     * sound_silence}, and {@code seconds} where there are no notes. Sound is measured only if some reward has rendered
     * it: a reward that reads notes cannot depend on anything else in the sound.
     */
    public static final class Confounders {
        private Confounders() {}

        /** The metrics by name, in the order above; undefined ones are missing. */
        public static Map<String, Double> of(Sample sample) {
            Map<String, Double> metrics = new LinkedHashMap<>();
            sample.clip().piece().ifPresent(piece -> {
                Surface notes = Surface.of(piece);
                metrics.put("notes_loudness_db", notes.loudnessDecibels());
                metrics.put("notes_silence", notes.silence());
                metrics.put("seconds", piece.seconds());
                piece.notes().stream()
                        .filter(note -> !note.instrument().isDrums())
                        .mapToInt(Note::pitch)
                        .average()
                        .ifPresent(mean -> metrics.put("mean_pitch", mean));
                MusicalMeasures measures = MusicalMeasures.of(piece);
                metrics.put("notes_per_second", measures.notesPerSecond());
                metrics.put("repetition", measures.repetition());
            });
            sample.clip().rendered().ifPresent(waveform -> {
                Surface sound = Surface.of(waveform);
                metrics.put("sound_loudness_db", sound.loudnessDecibels());
                metrics.put("sound_silence", sound.silence());
                metrics.putIfAbsent("seconds", waveform.seconds());
            });
            return metrics;
        }
    }
}
