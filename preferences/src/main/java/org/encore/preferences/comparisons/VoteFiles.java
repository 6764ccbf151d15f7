package org.encore.preferences.comparisons;

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
 * Reads votes from files and databases, and writes them to files of JSON lines; a file named {@code .json} holds one
 * vote from the log of an arena.
 *
 * <p>Our form is {@code {"prompt": "a slow waltz", "a": "clips/1.mid", "b": "clips/2.mid", "preferred": "b", "rater":
 * "r1", "listened_a_s": 12.5, "listened_b_s": 20.0, "time": "2026-01-31T12:00:00Z"}}: {@code preferred} is a, b, tie,
 * both_bad or skip; paths are relative to the file; prompt, listening and time may be absent; milliseconds may stand
 * under {@code listened_a_ms}.
 */
public final class VoteFiles {
    private static final byte[] SQLITE = "SQLite format 3\u0000".getBytes(StandardCharsets.US_ASCII);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private VoteFiles() {}

    /**
     * A vote with its place in a source.
     *
     * @param place for messages: {@code line 3} of a file or {@code vote 7 of the database}
     * @param ballot key of the vote in a database, if it has one; exports keep it
     * @param vote the vote
     */
    public record Entry(String place, Optional<String> ballot, Vote vote) {
        /** A vote that comes from no file or database. */
        public static Entry of(Vote vote) {
            return new Entry("a new vote", Optional.empty(), vote);
        }

        /** An error about the vote that names its place. */
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
     * Reads the selected votes of a file or a database.
     *
     * @param filter selects votes; raters by their names in a file, and by tokens or pseudonyms in a database
     * @throws InvalidFileException if a line is malformed, or the database cannot be read
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
     * Reads all votes of a file; battles without a vote are left out.
     *
     * @throws InvalidFileException if a line is malformed
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
     * Reads ratings of systems from a file.
     *
     * @param axis name of the list of ratings on each line
     * @throws InvalidFileException if a line is malformed
     */
    public static Ratings readRatings(Path file, String axis) throws IOException {
        return Ratings.of(axis, lines(file));
    }

    /** Writes votes in our form, with the keys of their ballots. */
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

    /**
     * The forms of a vote on a line. Unknown keys are ignored.
     *
     * <p>The two arena forms are those of Music Arena: the battles that its gateway logs, and the rows of its published
     * data set. They name sound files that are often not public; a clip without a file is identified by its system.
     */
    enum VoteForm {
        /**
         * Ours: {@code prompt, a, b, preferred, rater, listened_a_s, listened_b_s, time}, and what the database adds.
         */
        ENCORE("preferred") {
            @Override
            Optional<Vote> vote(JsonLine line) {
                return Optional.of(new Vote(
                        line.textOrEmpty("prompt"),
                        side(line, "a"),
                        side(line, "b"),
                        line.preference(line.json().path("preferred"), "preferred"),
                        line.text("rater"),
                        line.time(line.json().path("time"), "time")));
            }

            /** The clip may be unknown if the system is named. */
            private RatedClip side(JsonLine line, String key) {
                String system = line.textOrEmpty("system_" + key);
                boolean unknown = !system.isBlank() && line.textOrEmpty(key).isBlank();
                return new RatedClip(unknown ? Path.of("") : line.clip(key), system, line.seconds("listened_" + key));
            }
        },
        /** A row of an arena's published data set. */
        ARENA_ROW("preference") {
            @Override
            Optional<Vote> vote(JsonLine line) {
                JsonNode json = line.json();
                if (json.path("preference").isNull()) {
                    return Optional.empty();
                }
                return Optional.of(new Vote(
                        line.textOrEmpty("prompt"),
                        side(line, line.textOrEmpty("audio_a"), line.text("system_a"), heard(line, "a")),
                        side(line, line.textOrEmpty("audio_b"), line.text("system_b"), heard(line, "b")),
                        line.preference(json.path("preference"), "preference"),
                        raterOr(line.textOrEmpty("user_pseudonym"), line.textOrEmpty("battle_uuid")),
                        line.time(json.path("timestamp"), "timestamp")));
            }

            private OptionalDouble heard(JsonLine line, String side) {
                String key = "total_listening_time_" + side;
                return line.number(line.json().path(key), key);
            }
        },
        /** A battle as an arena's gateway logs it. */
        ARENA_BATTLE("vote") {
            @Override
            Optional<Vote> vote(JsonLine line) {
                JsonNode json = line.json();
                JsonNode vote = json.path("vote");
                if (vote.isNull()
                        || vote.path("preference").isNull()
                        || vote.path("preference").isMissingNode()) {
                    return Optional.empty();
                }
                String asked = line.textOrEmpty(json.path("prompt").path("prompt"), "prompt.prompt");
                String detailed = line.textOrEmpty(
                        json.path("prompt_detailed").path("overall_prompt"), "prompt_detailed.overall_prompt");
                JsonNode user = json.path("vote_user").isObject() ? json.path("vote_user") : json.path("prompt_user");
                return Optional.of(new Vote(
                        asked.isBlank() ? detailed : asked,
                        side(line, audio(line, "a"), system(line, "a"), PlayEvents.seconds(line, "a_listen_data")),
                        side(line, audio(line, "b"), system(line, "b"), PlayEvents.seconds(line, "b_listen_data")),
                        line.preference(vote.path("preference"), "vote.preference"),
                        raterOr(
                                line.textOrEmpty(user.path("salted_ip"), "vote_user.salted_ip"),
                                line.textOrEmpty("uuid")),
                        line.time(vote.path("preference_time"), "vote.preference_time")));
            }

            /** The name of the file at the end of its address. */
            private String audio(JsonLine line, String side) {
                String address = line.textOrEmpty(side + "_audio_url").replaceFirst("[?#].*$", "");
                return address.substring(address.lastIndexOf('/') + 1);
            }

            private String system(JsonLine line, String side) {
                String name = side + "_metadata.system_key.system_tag";
                JsonNode key = line.json().path(side + "_metadata").path("system_key");
                String system = line.textOrEmpty(key.path("system_tag"), name);
                if (system.isBlank()) {
                    throw line.invalid(name + " is absent, but must name the system that made the clip");
                }
                return system;
            }
        };

        private final String mark;

        VoteForm(String mark) {
            this.mark = mark;
        }

        /**
         * Reads the vote of a line; empty if the line has no vote.
         *
         * @throws org.encore.base.files.InvalidFileException if a value is malformed
         */
        abstract Optional<Vote> vote(JsonLine line);

        /** The form of a line, by the key that is specific to it. */
        static VoteForm of(JsonLine line) {
            for (VoteForm form : values()) {
                if (line.json().has(form.mark)) {
                    return form;
                }
            }
            throw line.invalid(
                    "is no vote: it must have the key preferred (a pair), preference or vote (of an arena), or"
                            + " system and lists of ratings");
        }

        private static RatedClip side(JsonLine line, String audio, String system, OptionalDouble listenedSeconds) {
            Path file = audio.isBlank() ? Path.of("") : line.path(audio, "the file of the clip");
            return new RatedClip(Files.isRegularFile(file) ? file : Path.of(""), system, listenedSeconds);
        }

        /** The rater, or a new rater for a vote without one. */
        private static String raterOr(String rater, String vote) {
            return rater.isBlank() ? "unknown " + vote : rater;
        }

        /** Listening time from an arena's list of player events: {@code [["PLAY", 12.0], ["PAUSE", 20.5]]}. */
        static final class PlayEvents {
            private PlayEvents() {}

            /** The sum of the times from each start to the next pause, stop or tick; empty without a list. */
            static OptionalDouble seconds(JsonLine line, String key) {
                JsonNode events = line.json().path("vote").path(key);
                if (!events.isArray()) {
                    return OptionalDouble.empty();
                }
                double total = 0.0;
                double since = Double.NaN;
                for (JsonNode event : events) {
                    String action = event.path(0).asText();
                    if (!event.path(1).isNumber()) {
                        throw line.invalid(
                                "vote." + key + " holds " + event + ", but must hold pairs like [\"PLAY\", 12.5]");
                    }
                    double at = event.path(1).doubleValue();
                    switch (action) {
                        case "PLAY" -> since = Double.isNaN(since) ? at : since;
                        case "TICK" -> {
                            total += elapsed(since, at);
                            since = Double.isNaN(since) ? since : at;
                        }
                        case "PAUSE", "STOP" -> {
                            total += elapsed(since, at);
                            since = Double.NaN;
                        }
                        default ->
                            throw line.invalid(
                                    "vote." + key + " holds " + action + ", but must hold PLAY, TICK, PAUSE and STOP");
                    }
                }
                return OptionalDouble.of(total);
            }

            private static double elapsed(double since, double at) {
                return Double.isNaN(since) ? 0.0 : Math.max(0.0, at - since);
            }
        }
    }
}
