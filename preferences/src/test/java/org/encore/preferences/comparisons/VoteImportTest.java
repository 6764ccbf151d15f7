package org.encore.preferences.comparisons;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.Manifest;
import org.encore.preferences.VoteFilter;
import org.encore.preferences.comparisons.VoteImport.Clips;
import org.encore.preferences.comparisons.VoteImport.Result;
import org.encore.preferences.store.PreferenceStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VoteImportTest {
    private static final String ONE =
            "{\"a\": \"1.mid\", \"b\": \"2.mid\", \"preferred\": \"a\", \"rater\": \"x\", \"listened_a_s\": 9,"
                    + " \"listened_b_s\": 4}";
    private static final String OTHER = "{\"a\": \"1.mid\", \"b\": \"2.mid\", \"preferred\": \"b\", \"rater\": \"y\"}";

    @TempDir
    private Path directory;

    @BeforeEach
    void makeClips() throws IOException {
        Files.writeString(directory.resolve("1.mid"), "one");
        Files.writeString(directory.resolve("2.mid"), "two");
    }

    private Path file(String... lines) throws IOException {
        return Files.write(directory.resolve("votes.jsonl"), List.of(lines));
    }

    private Path database() {
        return directory.resolve("j.db");
    }

    private static VoteImport.Settings settings(VoteFilter filter) {
        return new VoteImport.Settings("s", filter, Clips.REQUIRED);
    }

    @Test
    void importingTwiceAddsNothing() throws IOException {
        // The same words twice are two votes: nothing says that they are one.
        Path file = file(ONE, ONE, OTHER);
        try (PreferenceStore store = PreferenceStore.openOrCreate(database(), Clock.systemUTC())) {
            assertEquals(new Result(3, 0, 0), VoteImport.run(store, file, settings(VoteFilter.none())));
            assertEquals(new Result(0, 3, 0), VoteImport.run(store, file, settings(VoteFilter.none())));
            assertEquals(3, store.votes().size());
            assertEquals(1, store.pairs(store.session("s")).size());
            assertEquals(
                    Manifest.sha256(directory.resolve("1.mid")),
                    store.pair(1).orElseThrow().a().sha256().orElseThrow());
        }
        Path exported = directory.resolve("exported.jsonl");
        VoteFiles.write(exported, VoteFiles.read(database(), VoteFilter.none()));
        try (PreferenceStore store = PreferenceStore.openOrCreate(database(), Clock.systemUTC())) {
            assertEquals(new Result(0, 3, 0), VoteImport.run(store, exported, settings(VoteFilter.none())));
        }
        try (PreferenceStore store = PreferenceStore.openOrCreate(directory.resolve("new.db"), Clock.systemUTC())) {
            assertEquals(new Result(3, 0, 0), VoteImport.run(store, exported, settings(VoteFilter.none())));
        }
    }

    @Test
    void onlyWhatCountsIsImported() throws IOException {
        Path file = file(ONE, OTHER);
        try (PreferenceStore store = PreferenceStore.openOrCreate(database(), Clock.systemUTC())) {
            VoteFilter tooLong = new VoteFilter(true, 4.5, Set.of());
            assertEquals(new Result(0, 0, 2), VoteImport.run(store, file, settings(tooLong)));
            VoteFilter bothHeard = new VoteFilter(true, 0.0, Set.of());
            assertEquals(new Result(1, 0, 1), VoteImport.run(store, file, settings(bothHeard)));
            VoteFilter ofY = new VoteFilter(false, 0.0, Set.of("y"));
            assertEquals(new Result(1, 0, 1), VoteImport.run(store, file, settings(ofY)));
        }
        assertEquals(2, VoteFiles.read(database(), VoteFilter.none()).size());
        VoteFilter ofX = new VoteFilter(false, 0.0, Set.of("x"));
        assertEquals(1, VoteFiles.read(database(), ofX).size(), "raters of a database are found by their tokens");
    }

    @Test
    void nothingOfAFileWithABadLineIsImported() throws IOException {
        Path file = file(ONE, OTHER.replace("2.mid", "3.mid"));
        try (PreferenceStore store = PreferenceStore.openOrCreate(database(), Clock.systemUTC())) {
            InvalidFileException thrown = assertThrows(
                    InvalidFileException.class, () -> VoteImport.run(store, file, settings(VoteFilter.none())));
            assertEquals(
                    file + ": line 2: there is no file " + directory.resolve("3.mid")
                            + "; paths are relative to the file of the votes, or import without clips",
                    thrown.getMessage());
            assertEquals(List.of(), store.votes());
            VoteImport.Settings optional = new VoteImport.Settings("s", VoteFilter.none(), Clips.OPTIONAL);
            assertEquals(new Result(2, 0, 0), VoteImport.run(store, file, optional));
        }
    }
}
