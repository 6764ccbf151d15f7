package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.encore.app.Invocation;
import org.encore.music.etudes.Etudes;
import org.encore.music.midi.MidiFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PreferencesCommandTest {
    @TempDir
    private Path directory;

    private String votes;
    private String database;

    /** Four raters on two clips: three for a, one for b. */
    @BeforeEach
    void writeVotes() throws IOException {
        Files.writeString(directory.resolve("1.mid"), "one");
        Files.writeString(directory.resolve("2.mid"), "two");
        List<String> lines = new ArrayList<>();
        for (int rater = 0; rater < 4; rater++) {
            lines.add("{\"a\": \"1.mid\", \"b\": \"2.mid\", \"preferred\": \"" + (rater == 0 ? "b" : "a")
                    + "\", \"rater\": \"r" + rater + "\", \"listened_a_s\": 9, \"listened_b_s\": " + rater + "}");
        }
        votes = Files.write(directory.resolve("votes.jsonl"), lines).toString();
        database = directory.resolve("j.db").toString();
    }

    private static JsonNode json(String... arguments) throws IOException {
        Invocation invocation = Invocation.here(arguments);
        assertEquals(0, invocation.status(), invocation.err());
        return new ObjectMapper().readTree(invocation.out());
    }

    @Test
    void votesGoInAndOut() throws IOException {
        JsonNode added = json("preferences", "import", database, votes, "--json");
        assertEquals(4, added.path("added").asInt());
        assertEquals(
                4,
                json("preferences", "import", database, votes, "--json")
                        .path("known")
                        .asInt());
        String exported = directory.resolve("out.jsonl").toString();
        JsonNode out =
                json("preferences", "export", database, exported, "--both-heard", "--min-listening", "2", "--json");
        assertEquals(2, out.path("votes").asInt());
        List<String> lines = Files.readAllLines(Path.of(exported));
        assertEquals(2, lines.size());
        assertTrue(
                lines.get(0).contains("\"a\":\"1.mid\",\"b\":\"2.mid\",\"preferred\":\"a\",\"rater\":\"r-"),
                lines.get(0));
    }

    /** Three of four: log-odds log 3 but for the prior; of 6 couples of raters 3 agree. */
    @Test
    void agreementOfAFileAndOfItsDatabaseIsTheSame() throws IOException {
        json("preferences", "import", database, votes, "--json");
        for (String source : List.of(votes, database)) {
            JsonNode facts = json("preferences", "agreement", source, "--replicates", "100", "--json");
            assertEquals(4, facts.path("votes").asInt());
            assertEquals(0.5, facts.path("agreement").asDouble());
            assertEquals(
                    0.75,
                    facts.path("ranking")
                            .path(0)
                            .path("win_share")
                            .path("value")
                            .asDouble(),
                    0.15);
            assertTrue(facts.path("ranking").path(0).path("item").asText().endsWith("1.mid"));
            assertEquals(381, facts.path("votes_for_win_rate").asInt());
        }
        Invocation text = Invocation.here("preferences", "agreement", votes, "--replicates", "100");
        assertTrue(text.out().contains("they agree on 50.0 % of strict votes"), text.out());
    }

    /** Votes on four prompts are dealt to files that a training takes, and the same votes twice are refused. */
    @Test
    void votesAreDealtByPrompt() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int prompt = 0; prompt < 4; prompt++) {
            for (int clip = 0; clip < 2; clip++) {
                MidiFiles.write(
                        directory.resolve(prompt + "-" + clip + ".mid"),
                        new Etudes(1).heldOut(clip).piece());
            }
            lines.add(String.format(
                    Locale.ROOT,
                    "{\"prompt\": \"waltz %d\", \"a\": \"%d-0.mid\", \"b\": \"%d-1.mid\", \"preferred\": \"a\","
                            + " \"rater\": \"r\"}",
                    prompt,
                    prompt,
                    prompt));
        }
        String all = Files.write(directory.resolve("all.jsonl"), lines).toString();
        Path out = directory.resolve("dealt");
        JsonNode facts = json("preferences", "split", all, "--out", out.toString(), "--held-out", "0.25", "--json");
        assertEquals(3, facts.path("train").asInt());
        assertEquals(1, facts.path("held_out").asInt());
        assertEquals(1, Files.readAllLines(out.resolve("held-out.jsonl")).size());
        Path config = Files.writeString(
                directory.resolve("network.yaml"),
                "pairs: {train: " + all + ", heldOut: " + all + "}\nlearner: {kind: network}\n");
        Invocation twice = Invocation.here("preferences", "train", config.toString());
        assertEquals(2, twice.status(), twice.err());
        assertTrue(twice.err().contains("shares 8 clips and 4 prompts with pairs.train"), twice.err());
        assertEquals(
                2,
                Invocation.here("preferences", "split", votes, "--out", out.toString())
                        .status(),
                "all votes are on the same clips");
    }

    @Test
    void badInputIsOneLine() throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.jsonl"), "{\"preferred\": \"a\"\n");
        Invocation invocation = Invocation.here("preferences", "import", database, broken.toString());
        assertEquals(2, invocation.status());
        assertTrue(invocation.err().contains(broken + ": line 1: is not a whole JSON object"), invocation.err());
        Invocation filtered = Invocation.here("preferences", "agreement", votes, "--rater", "nobody");
        assertEquals(2, filtered.status());
        assertTrue(filtered.err().contains("holds no vote that the filters keep"), filtered.err());
        assertEquals(2, Invocation.here("preferences").status());
        assertEquals(
                2,
                Invocation.here("preferences", "agreement", votes, "--half-width", "0.7")
                        .status());
    }
}
