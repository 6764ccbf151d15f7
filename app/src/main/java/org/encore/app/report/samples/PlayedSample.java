package org.encore.app.report.samples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.music.Piece;
import org.encore.music.files.InvalidFileException;
import org.encore.music.midi.MidiFiles;

/**
 * One clip that a policy played.
 *
 * @param prompt what was asked for
 * @param verdict what the rewards said
 * @param sound where the page finds the WAV file, if there is one
 * @param piece the notes, if there is a MIDI file
 * @param problem what could not be read, if anything
 */
record PlayedSample(
        String prompt, Verdict verdict, Optional<String> sound, Optional<Piece> piece, Optional<String> problem) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String JSON_ENDING = ".json";

    /**
     * What the rewards said about a sample.
     *
     * @param total the score of the mixture; empty if it abstained
     * @param scores raw scores by the id of the reward
     * @param explanation a tree of nodes with {@code value}, {@code description} and {@code details}; may be missing
     */
    record Verdict(OptionalDouble total, Map<String, Double> scores, JsonNode explanation) {}

    /**
     * Reads a sample; never fails because of what the files hold.
     *
     * @param facts the JSON file, beside which the others lie
     * @param page the directory that links are relative to
     */
    static PlayedSample read(Path facts, Path page) throws IOException {
        String file = facts.getFileName().toString();
        String stem = file.substring(0, file.length() - JSON_ENDING.length());
        JsonNode tree = JSON.missingNode();
        Optional<Piece> piece = Optional.empty();
        Optional<String> problem = Optional.empty();
        try {
            tree = JSON.readTree(Files.readAllBytes(facts));
            Path midi = facts.resolveSibling(stem + ".mid");
            piece = Files.exists(midi) ? Optional.of(MidiFiles.readClip(midi)) : Optional.empty();
        } catch (JsonProcessingException e) {
            problem = Optional.of(file + " is not valid JSON");
        } catch (InvalidFileException e) {
            problem = Optional.of(e.file().getFileName() + " " + e.problem());
        }
        Path wave = facts.resolveSibling(stem + ".wav");
        Optional<String> sound = Files.exists(wave) ? Optional.of(link(page.relativize(wave))) : Optional.empty();
        return new PlayedSample(tree.path("prompt").asText(""), verdict(tree), sound, piece, problem);
    }

    private static Verdict verdict(JsonNode tree) {
        JsonNode total = tree.path("total");
        Map<String, Double> scores = new LinkedHashMap<>();
        tree.path("scores")
                .properties()
                .forEach(score -> scores.put(score.getKey(), score.getValue().asDouble(Double.NaN)));
        return new Verdict(
                total.isNumber() ? OptionalDouble.of(total.doubleValue()) : OptionalDouble.empty(),
                scores,
                tree.path("explanation"));
    }

    private static String link(Path relative) {
        StringBuilder link = new StringBuilder();
        for (Path part : relative) {
            link.append(link.isEmpty() ? "" : "/").append(part);
        }
        return link.toString();
    }
}
