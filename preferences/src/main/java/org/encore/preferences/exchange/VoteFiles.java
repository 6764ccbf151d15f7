package org.encore.preferences.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;

/**
 * Reads and writes votes as lines of JSON; a file named {@code .json} holds one vote, as an arena logs it.
 *
 * <p>Our form is {@code {"prompt": "a slow waltz", "a": "clips/1.mid", "b": "clips/2.mid", "preferred": "b", "rater": "r1",
 * "listened_a_s": 12.5, "listened_b_s": 20.0, "time": "2026-01-31T12:00:00Z"}}: {@code preferred} is a, b, tie, both_bad
 * or skip; paths are relative to the file; prompt, listening and time may be absent; milliseconds may stand under
 * {@code listened_a_ms}.
 */
public final class VoteFiles {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private VoteFiles() {}

    /**
     * A vote and where it stands.
     *
     * @param line counted from 1
     * @param ballot the key that an export gave it, if it has one
     * @param vote what was said
     */
    public record Line(int line, Optional<String> ballot, Vote vote) {}

    /**
     * Reads all votes of a file; lines of battles that nobody voted on are left out.
     *
     * @throws InvalidFileException if a line is not as it must be
     */
    public static List<Line> read(Path file) throws IOException {
        List<Line> votes = new ArrayList<>();
        for (JsonLine line : lines(file)) {
            String ballot = line.textOrEmpty("ballot");
            VoteForm.of(line)
                    .vote(line)
                    .ifPresent(vote -> votes.add(
                            new Line(line.number(), ballot.isBlank() ? Optional.empty() : Optional.of(ballot), vote)));
        }
        return votes;
    }

    /** Whether a file holds ratings of systems instead of votes, by its first line. */
    public static boolean holdsRatings(Path file) throws IOException {
        List<JsonLine> lines = lines(file);
        return !lines.isEmpty() && Ratings.isRating(lines.get(0).json());
    }

    /**
     * Reads ratings of systems.
     *
     * @param axis which list of each line counts
     * @throws InvalidFileException if a line is not as it must be
     */
    public static Ratings readRatings(Path file, String axis) throws IOException {
        return Ratings.of(axis, lines(file));
    }

    /** Writes votes in our form, each with the key of its ballot where it has one; lines are numbered anew. */
    public static void write(Path file, List<Line> votes) throws IOException {
        Path directory = file.toAbsolutePath().normalize().getParent();
        AtomicFiles.write(file, out -> {
            for (Line line : votes) {
                out.write(JSON.writeValueAsBytes(json(line, directory)));
                out.write('\n');
            }
        });
    }

    private static ObjectNode json(Line line, Path directory) {
        Vote vote = line.vote();
        ObjectNode json = JSON.createObjectNode();
        json.put("prompt", vote.prompt());
        json.put("a", relative(vote.a().clip(), directory));
        json.put("b", relative(vote.b().clip(), directory));
        json.put("preferred", vote.preferred().key());
        json.put("rater", vote.rater());
        put(json, "listened_a_s", vote.a().listenedSeconds());
        put(json, "listened_b_s", vote.b().listenedSeconds());
        vote.time().ifPresent(time -> json.put("time", time.toString()));
        putSystem(json, "system_a", vote.a());
        putSystem(json, "system_b", vote.b());
        line.ballot().ifPresent(ballot -> json.put("ballot", ballot));
        return json;
    }

    private static void put(ObjectNode json, String key, OptionalDouble seconds) {
        seconds.ifPresent(value -> json.put(key, value));
    }

    private static void putSystem(ObjectNode json, String key, RatedClip side) {
        if (!side.system().isEmpty()) {
            json.put(key, side.system());
        }
    }

    private static String relative(Path clip, Path directory) {
        if (clip.toString().isEmpty()) {
            return "";
        }
        return directory
                .relativize(clip.toAbsolutePath().normalize())
                .toString()
                .replace(File.separatorChar, '/');
    }

    private static List<JsonLine> lines(Path file) throws IOException {
        if (String.valueOf(file.getFileName()).endsWith(".json")) {
            return List.of(line(file, 1, Files.readString(file, StandardCharsets.UTF_8)));
        }
        List<JsonLine> lines = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                number++;
                String bare = number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
                if (!bare.isBlank()) {
                    lines.add(line(file, number, bare));
                }
            }
        } catch (CharacterCodingException e) {
            throw new InvalidFileException(file, "is not UTF-8 text", e);
        }
        return lines;
    }

    private static JsonLine line(Path file, int number, String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (!json.isObject()) {
                throw new InvalidFileException(file, "line " + number + ": must be a JSON object in braces");
            }
            return new JsonLine(file, number, json);
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(
                    file, "line " + number + ": is not a whole JSON object: " + e.getOriginalMessage(), e);
        }
    }
}
