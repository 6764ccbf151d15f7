package org.encore.preferences.listening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;
import org.encore.music.corpus.Split;
import org.encore.preferences.listening.ListeningSettings.Page;
import org.encore.preferences.listening.ListeningSettings.Rules;
import org.encore.preferences.listening.ListeningSettings.ServerSettings;
import org.encore.preferences.listening.ListeningSettings.ServerSettings.Limits;
import org.encore.preferences.listening.clips.ClipSource;
import org.encore.preferences.listening.clips.PromptSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What a configuration may say. */
final class ListeningSettingsTest {
    private static final String ONE = "a-token-of-listeners";
    private static final String OTHER = "a-token-of-organisers";
    private static final ClipSource FOLDER = new ClipSource.Folder("a", Path.of("a"));
    private static final ClipSource MODEL = new ClipSource.Checkpoint("b", Path.of("b"), 1.0, Optional.empty());

    private static ListeningSettings settings(
            List<ClipSource> systems, Optional<PromptSource> prompts, Optional<Path> clips) {
        return new ListeningSettings(
                "s",
                Path.of("x.db"),
                systems,
                prompts,
                clips,
                0,
                Page.defaults(),
                Rules.defaults(),
                ServerSettings.defaults());
    }

    private static String refusal(Executable made) {
        return assertThrows(IllegalArgumentException.class, made).getMessage();
    }

    private static ServerSettings server(String host, String listenerToken, String organiserToken) {
        return new ServerSettings(host, 0, listenerToken, organiserToken, Limits.defaults());
    }

    @Test
    void otherMachinesComeInByTokensOnly() {
        for (String host : List.of("0.0.0.0", "192.0.2.7", "::")) {
            assertEquals(
                    "listenerToken is empty, but " + host
                            + " can be reached from other machines: set both tokens, or listen on 127.0.0.1",
                    refusal(() -> server(host, "", OTHER)));
            assertTrue(refusal(() -> server(host, ONE, "")).startsWith("organiserToken is empty, but " + host));
            assertEquals(host, server(host, ONE, OTHER).host());
        }
        for (String host : List.of("127.0.0.1", "localhost", "::1", "127.5.6.7")) {
            assertEquals(host, server(host, "", "").host());
        }
    }

    @Test
    void tokensAreLongAndDiffer() {
        assertTrue(refusal(() -> server("127.0.0.1", "short", "")).startsWith("listenerToken has 5 characters"));
        assertTrue(refusal(() -> server("127.0.0.1", "", "with a space in it")).startsWith("organiserToken has 18 "));
        assertTrue(refusal(() -> server("127.0.0.1", ONE, ONE)).startsWith("organiserToken is the same"));
        assertTrue(refusal(() -> server("", "", "")).startsWith("host is \"\""));
        assertTrue(refusal(() -> new ServerSettings("127.0.0.1", 65536, "", "", Limits.defaults()))
                .startsWith("port is 65536, but must lie in [0, 65535]"));
    }

    @Test
    void systemsAreOfOneKindAndHaveNames() {
        assertTrue(refusal(() -> settings(List.of(FOLDER), Optional.empty(), Optional.empty()))
                .startsWith("systems has 1 entries"));
        assertTrue(refusal(() -> settings(List.of(FOLDER, FOLDER), Optional.empty(), Optional.empty()))
                .startsWith("systems has two entries named a"));
        assertTrue(refusal(() -> settings(List.of(FOLDER, MODEL), Optional.empty(), Optional.empty()))
                .startsWith("systems has folders and checkpoints"));
        assertTrue(refusal(() -> new ClipSource.Folder("../up", Path.of("a"))).startsWith("name is \"../up\""));
        assertTrue(refusal(() -> new ClipSource.Checkpoint("a", Path.of("a"), Double.NaN, Optional.empty()))
                .startsWith("temperature is NaN"));
    }

    @Test
    void checkpointsNeedPromptsAndAFolder() {
        List<ClipSource> models = List.of(MODEL, new ClipSource.Checkpoint("c", Path.of("b"), 0.5, Optional.empty()));
        Optional<PromptSource> prompts = Optional.of(new PromptSource.Texts(List.of("a")));
        assertTrue(refusal(() -> settings(models, Optional.empty(), Optional.of(Path.of("clips"))))
                .startsWith("prompts is missing"));
        assertTrue(refusal(() -> settings(models, prompts, Optional.empty())).startsWith("clips is missing"));
        List<ClipSource> folders = List.of(FOLDER, new ClipSource.Folder("c", Path.of("b")));
        assertTrue(refusal(() -> settings(folders, prompts, Optional.empty())).startsWith("prompts is given"));
        assertEquals(
                2,
                settings(folders, Optional.empty(), Optional.empty()).systems().size());
    }

    @Test
    void rulesAndLimitsHaveRanges() {
        assertTrue(refusal(() -> new Rules(0, 5, 20, 0.0)).startsWith("votesPerPair is 0"));
        assertTrue(refusal(() -> new Rules(1, Double.NaN, 20, 0.0)).startsWith("leastSeconds is NaN"));
        assertTrue(refusal(() -> new Rules(1, 5, 0.5, 0.0)).startsWith("longestSeconds is 0.5"));
        assertTrue(refusal(() -> new Limits(0, 1, 1, 4096, 1)).startsWith("votesPerMinute is 0"));
        assertTrue(refusal(() -> new Limits(1, 1, 1, 100, 1)).startsWith("bodyBytes is 100"));
        assertTrue(refusal(() -> new Page(" ", "q", true, Page.Ratings.NONE, "", "", false, false))
                .startsWith("title has 1 characters"));
    }

    @Test
    void promptsComeFromTextsFilesAndEtudes(@TempDir Path directory) throws IOException {
        assertEquals(List.of("a", "b"), new PromptSource.Texts(List.of(" a", "b", "a")).prompts());
        Path file = Files.writeString(directory.resolve("prompts.txt"), "a\n\n b \na\n");
        assertEquals(List.of("a", "b"), new PromptSource.Lines(file).prompts());
        assertThrows(InvalidFileException.class, () -> new PromptSource.Lines(directory).prompts());
        Path blank = Files.writeString(directory.resolve("blank.txt"), "\n\n");
        assertThrows(InvalidFileException.class, () -> new PromptSource.Lines(blank).prompts());
        assertEquals(
                5, new PromptSource.Etudes(5, 1, Split.DEVELOPMENT).prompts().size());
        assertTrue(refusal(() -> new PromptSource.Texts(List.of("a", " "))).startsWith("texts must be a list"));
    }
}
