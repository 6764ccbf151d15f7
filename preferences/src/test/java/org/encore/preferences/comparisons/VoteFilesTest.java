package org.encore.preferences.comparisons;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.base.files.InvalidFileException;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.store.Ballot.Shown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VoteFilesTest {
    @TempDir
    private Path directory;

    private Path file(String... lines) throws IOException {
        return Files.write(directory.resolve("votes.jsonl"), List.of(lines));
    }

    private Vote only(String line) throws IOException {
        List<VoteFiles.Entry> votes = VoteFiles.read(file(line));
        assertEquals(1, votes.size());
        return votes.get(0).vote();
    }

    @Test
    void ourFormIsRead() throws IOException {
        assertEquals(
                new Vote(
                        "a waltz",
                        new RatedClip(directory.resolve("c/1.mid"), "", OptionalDouble.of(12.5), OptionalDouble.of(3)),
                        new RatedClip(directory.resolve("c/2.wav"), "base", OptionalDouble.of(3.25)),
                        Preference.BOTH_BAD,
                        "r000",
                        Optional.of(Instant.parse("2026-01-02T03:04:05Z"))),
                only("{\"prompt\": \"a waltz\", \"a\": \"c/1.mid\", \"b\": \"c/2.wav\", \"system_b\": \"base\","
                        + " \"preferred\": \"both_bad\", \"rater\": \"r000\", \"listened_a_s\": 12.5,"
                        + " \"listened_b_ms\": 3250, \"rating_a\": 3, \"time\": \"2026-01-02T03:04:05Z\"}"));
    }

    /** Raters and prompts may look like numbers; quoted cells may hold line breaks; errors name the line where a row begins. */
    @Test
    void aTableHasTheKeysAsColumns() throws IOException {
        Path table = directory.resolve("votes.csv");
        String header = "prompt,a,b,preferred,rater,listened_a_s,rating_a,comment,time\n";
        Files.writeString(
                table,
                header + "\"a slow,\nsad waltz\",c/1.mid,c/2.mid,b,7,12.5,3,,2026-01-02T03:04:05Z\n"
                        + "1999,c/3.mid,c/4.mid,tie,r1,,,fine,\n");
        List<VoteFiles.Entry> votes = VoteFiles.read(table);
        assertEquals(
                List.of(
                        new Vote(
                                "a slow,\nsad waltz",
                                new RatedClip(
                                        directory.resolve("c/1.mid"),
                                        "",
                                        OptionalDouble.of(12.5),
                                        OptionalDouble.of(3)),
                                new RatedClip(directory.resolve("c/2.mid"), "", OptionalDouble.empty()),
                                Preference.B,
                                "7",
                                Optional.of(Instant.parse("2026-01-02T03:04:05Z"))),
                        new Vote(
                                "1999",
                                new RatedClip(directory.resolve("c/3.mid"), "", OptionalDouble.empty()),
                                new RatedClip(directory.resolve("c/4.mid"), "", OptionalDouble.empty()),
                                Preference.TIE,
                                "r1",
                                Optional.empty())),
                votes.stream().map(VoteFiles.Entry::vote).toList());
        assertEquals("fine", votes.get(1).beside().comment());

        Files.writeString(table, header + "\"x\ny\",1.mid,2.mid,a,r,,,,\nx,1.mid,2.mid,left,r,,,,\n");
        assertEquals(
                table + ": line 4: preferred is \"left\", but must be one of " + Preference.keys(),
                assertThrows(InvalidFileException.class, () -> VoteFiles.read(table))
                        .getMessage());
    }

    /** The form of the data set that Music Arena publishes. */
    @Test
    void rowsOfAnArenaAreRead() throws IOException {
        Files.createFile(directory.resolve("x.mp3"));
        assertEquals(
                new Vote(
                        "lofi",
                        new RatedClip(directory.resolve("x.mp3"), "sys1", OptionalDouble.of(7.0)),
                        new RatedClip(Path.of(""), "sys2", OptionalDouble.of(0.0)),
                        Preference.A,
                        "abc",
                        Optional.of(Instant.ofEpochMilli(1_753_000_000_500L))),
                only("{\"battle_uuid\": \"u\", \"prompt\": \"lofi\", \"user_pseudonym\": \"abc\", \"audio_a\":"
                        + " \"x.mp3\", \"system_a\": \"sys1\", \"audio_b\": \"absent.mp3\", \"system_b\":"
                        + " \"sys2\", \"preference\": \"A\", \"total_listening_time_a\": 7,"
                        + " \"total_listening_time_b\": 0.0, \"timestamp\": 1753000000.5}"));
    }

    /** Played 10 to 16 with a pause at 14, ticks in between: 4 s; then 20 to 21: 5 s in all. */
    @Test
    void battlesOfAnArenaAreRead() throws IOException {
        String battle = "{\"uuid\": \"u1\", \"prompt\": null, \"prompt_detailed\": {\"overall_prompt\": \"lofi\"},"
                + " \"a_audio_url\": \"https://x.org/y/a.mp3?sig=1\","
                + " \"a_metadata\": {\"system_key\": {\"system_tag\": \"sys1\", \"variant_tag\": \"v\"}},"
                + " \"b_audio_url\": null, \"b_metadata\": {\"system_key\": {\"system_tag\": \"sys2\"}},"
                + " \"vote\": {\"a_listen_data\": [[\"PLAY\", 10], [\"TICK\", 12.5], [\"PAUSE\", 14], [\"TICK\", 16],"
                + " [\"PLAY\", 20], [\"STOP\", 21]], \"b_listen_data\": [], \"preference\": \"TIE\"},"
                + " \"vote_user\": {\"salted_ip\": \"abc\"}}";
        Vote expected = new Vote(
                "lofi",
                new RatedClip(Path.of(""), "sys1", OptionalDouble.of(5.0)),
                new RatedClip(Path.of(""), "sys2", OptionalDouble.of(0.0)),
                Preference.TIE,
                "abc",
                Optional.empty());
        assertEquals(expected, only(battle));
        Path log = Files.writeString(directory.resolve("battle.json"), battle.replace(", ", ",\n"));
        assertEquals(expected, VoteFiles.read(log).get(0).vote());
        assertEquals(List.of(), VoteFiles.read(file("{\"uuid\": \"u\", \"vote\": null}")));
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Vote vote = new Vote(
                "",
                new RatedClip(directory.resolve("clips/1.mid"), "base", OptionalDouble.empty()),
                new RatedClip(Path.of(""), "tuned", OptionalDouble.of(2.0)),
                Preference.SKIP,
                "r1",
                Optional.of(Instant.parse("2026-01-02T03:04:05.678Z")));
        Path target = directory.resolve("below/out.jsonl");
        List<VoteFiles.Entry> lines = List.of(new VoteFiles.Entry(
                "line 1", Optional.of("key"), vote, new VoteFiles.Entry.Beside(Optional.of(Shown.B), "too \"short\"")));
        VoteFiles.write(target, lines);
        assertTrue(Files.readString(target).contains("\"a\":\"../clips/1.mid\""), Files.readString(target));
        List<VoteFiles.Entry> read = VoteFiles.read(target);
        assertEquals(1, read.size());
        assertEquals(Optional.of("key"), read.get(0).ballot());
        // Which clip stood left: without it, nobody could look for a bias of sides in an export.
        assertTrue(Files.readString(target).contains("\"shown_first\":\"b\""), Files.readString(target));
        assertEquals(
                new VoteFiles.Entry.Beside(Optional.of(Shown.B), "too \"short\""),
                read.get(0).beside());
        assertEquals("tuned", read.get(0).shown().orElseThrow().a().system());
        // Nobody says which of two clips stood first.
        assertEquals(
                Optional.empty(),
                VoteFiles.Entry.of(new Vote(
                                "",
                                RatedClip.of(Path.of("1")),
                                RatedClip.of(Path.of("2")),
                                Preference.A,
                                "r",
                                Optional.empty()))
                        .shown());
        RatedClip a = read.get(0).vote().a();
        assertEquals(directory.resolve("clips/1.mid"), a.clip().normalize());
        assertEquals(vote.b(), read.get(0).vote().b());
        assertEquals(vote.time(), read.get(0).vote().time());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": \"1\"                                        | is not a whole JSON object",
                "[1]                                                  | must be a JSON object in braces",
                "{\"a\": \"1\"} x                                     | is not a whole JSON object",
                "{\"a\": \"1\"}                                       | is no vote: it must have the key preferred",
                "{\"preferred\": \"c\", \"a\": \"1\", \"b\": \"2\", \"rater\": \"r\"}"
                        + " | preferred is \"c\", but must be one of a, b, tie, both_bad, skip",
                "{\"preferred\": \"a\", \"b\": \"2\", \"rater\": \"r\"} | a is absent, but must be a text",
                "{\"preferred\": \"a\", \"a\": \"1\", \"b\": \"2\"}    | rater is absent, but must be a text",
                "{\"preferred\": \"a\", \"a\": \"1\", \"b\": \"2\", \"rater\": \"r\", \"listened_a_s\": -1}"
                        + " | listened_a_s is -1, but must be a finite number, at least 0",
                "{\"preferred\": \"a\", \"a\": \"1\", \"b\": \"2\", \"rater\": \"r\", \"time\": \"noon\"}"
                        + " | time is \"noon\", but must be a time like 2026-01-31T12:00:00Z",
                "{\"vote\": {\"preference\": \"A\", \"a_listen_data\": [[\"HUM\", 1]]}}"
                        + " | a_metadata.system_key.system_tag is absent"
            })
    void badLinesAreNamed(String line, String problem) throws IOException {
        Path file = file("{\"preferred\": \"a\", \"a\": \"1\", \"b\": \"2\", \"rater\": \"r\"}", "", line.strip());
        InvalidFileException thrown = assertThrows(InvalidFileException.class, () -> VoteFiles.read(file));
        assertTrue(thrown.getMessage().startsWith(file + ": line 3: " + problem.strip()), thrown.getMessage());
    }

    /** Means of the first prompt: x 2, y 2 and z 3. */
    @Test
    void ratingsBecomeVotes() throws IOException {
        Path file = file(
                "{\"caption\": \"c\", \"system\": \"x\", \"CE\": [1.0, 3.0]}",
                "{\"caption\": \"c\", \"system\": \"y\", \"CE\": [2.0, 2.0]}",
                "{\"caption\": \"c\", \"system\": \"z\", \"CE\": [3, 3]}",
                "{\"caption\": \"d\", \"system\": \"x\", \"CE\": [6]}");
        assertTrue(VoteFiles.holdsRatings(file));
        Ratings ratings = VoteFiles.readRatings(file, "CE");
        assertEquals(
                List.of("x tie y", "x b z", "y b z"),
                ratings.votes().stream()
                        .map(vote -> vote.a().item() + " " + vote.preferred().key() + " "
                                + vote.b().item())
                        .toList());
        assertEquals(Map.of("x", 10.0 / 3.0, "y", 2.0, "z", 3.0), ratings.means());
        assertEquals(
                file + ": line 1: PQ is absent, but must be a list of ratings: name another axis",
                assertThrows(InvalidFileException.class, () -> VoteFiles.readRatings(file, "PQ"))
                        .getMessage());
    }

    /** Ratings in place of a preference, or on another scale beside one. */
    @Test
    void ratingsOfBothClipsAreAVote() throws IOException {
        Path file = Files.writeString(
                directory.resolve("rated.jsonl"),
                """
                {"prompt": "p", "a": "1.mid", "b": "2.mid", "rating_a": 4, "rating_b": 2.5, "rater": "x"}
                {"prompt": "p", "a": "1.mid", "b": "2.mid", "rating_a": 40, "preferred": "b", "rater": "x"}
                """);
        List<VoteFiles.Entry> entries = VoteFiles.read(file);
        assertEquals(Preference.A, entries.get(0).vote().preferred());
        assertEquals(OptionalDouble.of(2.5), entries.get(0).vote().b().rating());
        assertEquals(OptionalDouble.empty(), entries.get(1).vote().a().rating());
        Path copy = directory.resolve("copy.jsonl");
        VoteFiles.write(copy, entries);
        assertEquals(
                entries.stream().map(VoteFiles.Entry::vote).toList(),
                VoteFiles.read(copy).stream().map(VoteFiles.Entry::vote).toList());
        Path wrong = Files.writeString(
                directory.resolve("wrong.jsonl"),
                "{\"a\": \"1.mid\", \"b\": \"2.mid\", \"rating_a\": 4, \"rating_b\": 6, \"rater\": \"x\"}");
        assertEquals(
                wrong + ": line 1: rating_b is 6.0, but must be a rating from 1 to 5",
                assertThrows(InvalidFileException.class, () -> VoteFiles.read(wrong))
                        .getMessage());
    }

    /** Three systems rated by one rater make three votes; a rater of one system has nothing to compare. */
    @Test
    void ratingsOfSingleClipsAreCompared() throws IOException {
        Path file = Files.writeString(
                directory.resolve("single.jsonl"),
                """
                {"prompt": "p", "system": "base", "rating": 2, "rater": "x"}
                {"prompt": "p", "system": "tuned", "rating": 5, "rater": "x", "clip": "t.mid"}
                {"prompt": "q", "system": "tuned", "rating": 1, "rater": "x"}
                {"prompt": "p", "system": "real", "rating": 5, "rater": "x"}
                {"prompt": "p", "system": "base", "rating": 3, "rater": "y"}
                """);
        List<Vote> votes =
                VoteFiles.read(file).stream().map(VoteFiles.Entry::vote).toList();
        assertEquals(
                List.of(Preference.B, Preference.B, Preference.TIE),
                votes.stream().map(Vote::preferred).toList());
        assertEquals(directory.resolve("t.mid"), votes.get(0).b().clip());
        Path alone = Files.writeString(
                directory.resolve("alone.jsonl"),
                "{\"prompt\": \"p\", \"system\": \"base\", \"rating\": 2, \"rater\": \"x\"}");
        assertTrue(assertThrows(InvalidFileException.class, () -> VoteFiles.read(alone))
                .getMessage()
                .contains("nothing to compare"));
    }
}
