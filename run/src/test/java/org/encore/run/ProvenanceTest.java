package org.encore.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.encore.run.Provenance.GitCommit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProvenanceTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path tree;

    @Test
    void everythingThatMattersIsWritten() throws IOException {
        Clock clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
        Provenance.Inputs inputs = new Provenance.Inputs(
                "./encore train c.yaml --set seed=7", "c0ffee", Map.of("b", "2", "a", "1"), 7, "CPU 1.0");
        Path file = tree.resolve("provenance.json");
        Provenance.gather(inputs, tree, clock).write(file);
        JsonNode json = JsonMapper.builder().build().readTree(Files.readString(file));
        assertEquals("./encore train c.yaml --set seed=7", json.path("command").asText());
        assertEquals("unknown", json.path("commit").asText());
        assertEquals("c0ffee", json.path("config_sha256").asText());
        assertEquals("{\"a\":\"1\",\"b\":\"2\"}", json.path("data_sha256").toString());
        assertEquals(7, json.path("seed").asLong());
        assertEquals("CPU 1.0", json.path("backend").asText());
        assertEquals(0, json.path("java").asText().indexOf(System.getProperty("java.version")));
        assertEquals(0, json.path("os").asText().indexOf(System.getProperty("os.name")));
        assertEquals("2026-01-02T03:04:05Z", json.path("started_at").asText());
    }

    @Test
    void theCommitIsReadWithoutGit() throws IOException {
        assertEquals(Optional.empty(), GitCommit.of(tree));
        write(".git/HEAD", COMMIT);
        assertEquals(Optional.of(COMMIT), GitCommit.of(tree), "a detached head");
        write(".git/HEAD", "ref: refs/heads/main\n");
        assertEquals(Optional.empty(), GitCommit.of(tree), "a branch without a commit");
        write(".git/packed-refs", "# pack-refs\n" + COMMIT.replace('0', 'f') + " refs/heads/main\n");
        assertEquals(Optional.of(COMMIT.replace('0', 'f')), GitCommit.of(tree), "a packed branch");
        write(".git/refs/heads/main", COMMIT + "\n");
        assertEquals(Optional.of(COMMIT), GitCommit.of(tree), "a loose branch, which precedes a packed one");
    }

    @Test
    void theCommitOfALinkedTreeIsRead() throws IOException {
        write("main/.git/worktrees/side/HEAD", "ref: refs/heads/side\n");
        write("main/.git/worktrees/side/commondir", "../..\n");
        write("main/.git/refs/heads/side", COMMIT + "\n");
        write("side/.git", "gitdir: " + tree.resolve("main/.git/worktrees/side") + "\n");
        assertEquals(Optional.of(COMMIT), GitCommit.of(tree.resolve("side")));
    }

    private void write(String name, String text) throws IOException {
        Path file = tree.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
