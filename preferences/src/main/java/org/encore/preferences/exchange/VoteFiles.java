package org.encore.preferences.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.VoteFilter;
import org.encore.preferences.store.PreferenceStore;

/**
 * Reads votes from files and databases, and writes them to files: lines of JSON; a file named {@code .json} holds one vote,
 * as an arena logs it.
 *
 * <p>Our form is {@code {"prompt": "a slow waltz", "a": "clips/1.mid", "b": "clips/2.mid", "preferred": "b", "rater": "r1",
 * "listened_a_s": 12.5, "listened_b_s": 20.0, "time": "2026-01-31T12:00:00Z"}}: {@code preferred} is a, b, tie, both_bad
 * or skip; paths are relative to the file; prompt, listening and time may be absent; milliseconds may stand under
 * {@code listened_a_ms}.
 */
public final class VoteFiles {
    private static final byte[] SQLITE = "SQLite format 3\u0000".getBytes(StandardCharsets.US_ASCII);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private VoteFiles() {}

    /**
     * A vote and where it stands.
     *
     * @param place for messages: {@code line 3} of a file or {@code vote 7 of the database}
     * @param ballot the key under which a database recorded the vote, if one did; exports keep it
     * @param vote what was said
     */
    public record Entry(String place, Optional<String> ballot, Vote vote) {
        /** A vote that comes from no file or database. */
        public static Entry of(Vote vote) {
            return new Entry("a new vote", Optional.empty(), vote);
        }

        /** What is wrong with the vote, with the place where it stands. */
        public InvalidFileException invalid(Path source, String problem) {
            return new InvalidFileException(source, place + ": " + problem);
        }
    }

    /** Whether a file is a database, by its first bytes. */
    public static boolean isDatabase(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(SQLITE, in.readNBytes(SQLITE.length));
        }
    }

    /**
     * Reads the votes of a file or a database that a filter keeps.
     *
     * @param filter raters by the names they have in a file; for a database by their tokens or pseudonyms
     * @throws InvalidFileException if a line is not as it must be, or the database cannot be read
     */
    public static List<Entry> read(Path source, VoteFilter filter) throws IOException {
        if (!isDatabase(source)) {
            return kept(read(source), filter);
        }
        try (PreferenceStore store = PreferenceStore.open(source, Clock.systemUTC())) {
            List<Entry> entries = store.votes().stream()
                    .map(stored -> new Entry(
                            "vote " + stored.judgementId() + " of the database",
                            Optional.of(stored.ballot()),
                            stored.vote()))
                    .toList();
            Set<String> raters = new HashSet<>(filter.raters());
            filter.raters().forEach(token -> raters.add(store.pseudonym(token)));
            return kept(entries, new VoteFilter(filter.bothHeard(), filter.atLeastSeconds(), raters));
        }
    }

    private static List<Entry> kept(List<Entry> entries, VoteFilter filter) {
        return entries.stream().filter(entry -> filter.keeps(entry.vote())).toList();
    }

    /**
     * Reads all votes of a file; lines of battles that nobody voted on are left out.
     *
     * @throws InvalidFileException if a line is not as it must be
     */
    public static List<Entry> read(Path file) throws IOException {
        List<Entry> votes = new ArrayList<>();
        for (JsonLine line : lines(file)) {
            String ballot = line.textOrEmpty("ballot");
            VoteForm.of(line)
                    .vote(line)
                    .ifPresent(vote -> votes.add(new Entry(
                            "line " + line.number(), ballot.isBlank() ? Optional.empty() : Optional.of(ballot), vote)));
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

    /** Writes votes in our form, each with the key of its ballot where it has one. */
    public static void write(Path file, List<Entry> votes) throws IOException {
        Path directory = file.toAbsolutePath().normalize().getParent();
        AtomicFiles.write(file, out -> {
            for (Entry entry : votes) {
                out.write(JSON.writeValueAsBytes(json(entry, directory)));
                out.write('\n');
            }
        });
    }

    private static ObjectNode json(Entry entry, Path directory) {
        Vote vote = entry.vote();
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
        entry.ballot().ifPresent(ballot -> json.put("ballot", ballot));
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
