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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.JsonProblems;
import org.encore.music.corpus.TextRows;
import org.encore.music.corpus.TextRows.Row;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.VoteFilter;
import org.encore.preferences.store.Ballot.Shown;
import org.encore.preferences.store.PreferenceStore;

/**
 * Reads votes from files and databases, and writes them to files of JSON lines; a file named {@code .json} holds one
 * vote from the log of an arena, and one named {@code .csv} has the keys as columns.
 *
 * <p>Our form is {@code {"prompt": "a slow waltz", "a": "clips/1.mid", "b": "clips/2.mid", "preferred": "b", "rater":
 * "r1", "listened_a_s": 12.5, "listened_b_s": 20.0, "time": "2026-01-31T12:00:00Z"}}: {@code preferred} is a, b, tie,
 * both_bad or skip; paths are relative to the file; prompt, listening and time may be absent; milliseconds may stand
 * under {@code listened_a_ms}. {@code shown_first}, a or b, says which clip stood left, and {@code comment} what the rater wrote.
 */
public final class VoteFiles {
    private static final int CHUNK = 4096;
    private static final byte[] SQLITE = "SQLite format 3\u0000".getBytes(StandardCharsets.US_ASCII);
    /** Columns of tables whose cells are numbers. */
    private static final Pattern NUMERIC = Pattern.compile("(rating|listened|total_listening_time)_.*");

    private static final Pattern NUMBER = Pattern.compile("[0-9]+([.][0-9]+)?");

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
     * @param beside what else is known of it
     */
    public record Entry(String place, Optional<String> ballot, Vote vote, Beside beside) {
        /**
         * What stands beside a vote.
         *
         * @param shownFirst the clip that stood left on the page, above on a phone; empty if unknown
         * @param comment what the rater wrote; empty if nothing
         */
        public record Beside(Optional<Shown> shownFirst, String comment) {
            /** The longest comment. */
            public static final int LONGEST_COMMENT = 1000;

            /** Nothing. */
            public static final Beside NOTHING = new Beside(Optional.empty(), "");
        }

        /** A vote with nothing beside it. */
        Entry(String place, Optional<String> ballot, Vote vote) {
            this(place, ballot, vote, Beside.NOTHING);
        }

        /** A vote that comes from no file or database. */
        public static Entry of(Vote vote) {
            return new Entry("a new vote", Optional.empty(), vote);
        }

        /**
         * The vote as it was shown, clip a first: where that was recorded, or systems are named, of which the first one is taken
         * to have been first. Files of pairs of clips alone may list them in any order, e.g. of their ratings; empty then.
         */
        public Optional<Vote> shown() {
            boolean named = !vote.a().system().isEmpty() && !vote.b().system().isEmpty();
            return beside.shownFirst().isPresent()
                    ? Optional.of(beside.shownFirst().get() == Shown.B ? vote.mirrored() : vote)
                    : Optional.of(vote).filter(each -> named);
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
            Map<Long, String> comments = store.comments();
            List<Entry> entries = store.votes().stream()
                    .map(stored -> new Entry(
                            "vote " + stored.judgementId() + " of the database",
                            Optional.of(stored.ballot()),
                            stored.vote(),
                            new Entry.Beside(stored.shownFirst(), comments.getOrDefault(stored.judgementId(), ""))))
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
        each(file, votes::add);
        return votes;
    }

    /** What is done with each vote of a file. */
    @FunctionalInterface
    interface Use {
        void of(Entry entry) throws IOException;
    }

    /**
     * Reads the votes of a file one after the other, for files that do not fit the memory; parses on all processors.
     *
     * @throws InvalidFileException if a line is malformed, after the votes before it have been used
     */
    static void each(Path file, Use use) throws IOException {
        List<Numbered> chunk = new ArrayList<>();
        Ratings.Singles singles = new Ratings.Singles();
        eachText(file, text -> {
            chunk.add(text);
            if (chunk.size() == CHUNK) {
                use(file, chunk, singles, use);
                chunk.clear();
            }
            return true;
        });
        use(file, chunk, singles, use);
        for (Entry entry : singles.votes()) {
            use.of(entry);
        }
    }

    private static void use(Path file, List<Numbered> chunk, Ratings.Singles singles, Use use) throws IOException {
        List<Supplier<Optional<Entry>>> parsed = chunk.parallelStream()
                .map(text -> {
                    try {
                        JsonLine line = line(file, text);
                        if (Ratings.Singles.isOne(line)) {
                            return (Supplier<Optional<Entry>>) () -> singles.add(line);
                        }
                        Optional<Entry> entry = entry(line);
                        return (Supplier<Optional<Entry>>) () -> entry;
                    } catch (InvalidFileException e) {
                        // Thrown in the order of the lines.
                        return (Supplier<Optional<Entry>>) () -> {
                            throw e;
                        };
                    }
                })
                .toList();
        for (Supplier<Optional<Entry>> each : parsed) {
            Optional<Entry> entry = each.get();
            if (entry.isPresent()) {
                use.of(entry.get());
            }
        }
    }

    private static Optional<Entry> entry(JsonLine line) {
        String ballot = line.textOrEmpty("ballot");
        return VoteForm.of(line)
                .vote(line)
                .map(vote -> new Entry(
                        "line " + line.number(),
                        ballot.isBlank() ? Optional.empty() : Optional.of(ballot),
                        vote,
                        beside(line)));
    }

    /** Of our own forms only: what others call so may mean something else. */
    private static Entry.Beside beside(JsonLine line) {
        VoteForm form = VoteForm.of(line);
        if (form != VoteForm.ENCORE && form != VoteForm.ENCORE_RATINGS) {
            return Entry.Beside.NOTHING;
        }
        String first = line.textOrEmpty("shown_first");
        if (!first.isEmpty() && !first.equals("a") && !first.equals("b")) {
            throw line.invalid("shown_first is \"" + first + "\", but must be a or b, the clip that stood left");
        }
        String comment = line.textOrEmpty("comment").strip();
        if (comment.length() > Entry.Beside.LONGEST_COMMENT) {
            throw line.invalid("comment has " + comment.length() + " characters, but may have at most "
                    + Entry.Beside.LONGEST_COMMENT);
        }
        Optional<Shown> shown = first.isEmpty() ? Optional.empty() : Optional.of(first.equals("a") ? Shown.A : Shown.B);
        return new Entry.Beside(shown, comment);
    }

    /** Whether a file holds ratings of systems instead of votes, by its first line. */
    public static boolean holdsRatings(Path file) throws IOException {
        boolean[] found = new boolean[1];
        eachText(file, text -> {
            found[0] = Ratings.isRating(line(file, text).json());
            return false;
        });
        return found[0];
    }

    /**
     * Reads ratings of systems from a file.
     *
     * @param axis name of the list of ratings on each line
     * @throws InvalidFileException if a line is malformed
     */
    public static Ratings readRatings(Path file, String axis) throws IOException {
        List<JsonLine> lines = new ArrayList<>();
        eachText(file, text -> lines.add(line(file, text)));
        return Ratings.of(axis, lines);
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
        entry.beside().shownFirst().ifPresent(shown -> json.put("shown_first", shown == Shown.A ? "a" : "b"));
        if (!entry.beside().comment().isEmpty()) {
            json.put("comment", entry.beside().comment());
        }
        put(json, "rating_a", vote.a().rating());
        put(json, "rating_b", vote.b().rating());
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

    /** A line that is not blank, with its number counted from 1. */
    private record Numbered(int number, String text) {}

    /** Returns whether to read on. */
    @FunctionalInterface
    private interface UseOfText {
        boolean of(Numbered text) throws IOException;
    }

    private static String whole(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new InvalidFileException(file, "is not UTF-8 text", e);
        }
    }

    private static void eachText(Path file, UseOfText use) throws IOException {
        if (String.valueOf(file.getFileName()).endsWith(".json")) {
            use.of(new Numbered(1, whole(file)));
            return;
        }
        if (String.valueOf(file.getFileName()).matches("(?i).*\\.csv(\\.gz)?")) {
            for (Row row : TextRows.read(file, List.of())) {
                if (!use.of(new Numbered(row.line(), json(row).toString()))) {
                    return;
                }
            }
            return;
        }
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            boolean more = true;
            for (String text = reader.readLine(); more && text != null; text = reader.readLine()) {
                number++;
                String bare = number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
                if (!bare.isBlank()) {
                    more = use.of(new Numbered(number, bare));
                }
            }
        } catch (CharacterCodingException e) {
            throw new InvalidFileException(file, "is not UTF-8 text", e);
        }
    }

    /** A row of a table as the line that says the same; empty cells are absent. */
    private static ObjectNode json(Row row) {
        ObjectNode json = JSON.createObjectNode();
        row.cells().forEach((column, cell) -> {
            if (NUMERIC.matcher(column).matches() && NUMBER.matcher(cell).matches()) {
                json.put(column, Double.parseDouble(cell));
            } else if (!cell.isEmpty()) {
                json.put(column, cell);
            }
        });
        return json;
    }

    private static JsonLine line(Path file, Numbered numbered) {
        int number = numbered.number;
        String text = numbered.text;
        try {
            JsonNode json = JSON.readTree(text);
            if (!json.isObject()) {
                throw new InvalidFileException(file, "line " + number + ": must be a JSON object in braces");
            }
            return new JsonLine(file, number, json);
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(
                    file, "line " + number + ": is not a whole JSON object: " + JsonProblems.of(e), e);
        }
    }
}
