package org.encore.preferences.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.encore.base.files.InvalidFileException;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.store.Ballot.Opinion;
import org.encore.preferences.store.Ballot.Receipt;
import org.encore.preferences.store.PreferenceStore.Session;
import org.encore.preferences.store.PreferenceStore.StoredPair;
import org.encore.preferences.store.PreferenceStore.StoredVote;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PreferenceStoreTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.089Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final String SHA256 = "0123456789abcdef".repeat(4);

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("judgements.db");
    }

    private PreferenceStore open() throws IOException {
        return PreferenceStore.openOrCreate(file(), CLOCK);
    }

    private ClipFile clip(String name) {
        return new ClipFile(directory.resolve(name), Optional.of(SHA256), "system " + name);
    }

    private static Opinion opinion(Preference preferred) {
        return new Opinion(preferred, OptionalDouble.of(12.5), OptionalDouble.empty(), Optional.of(Ballot.Shown.B));
    }

    @Test
    void whatWasRecordedIsReadBack() throws IOException {
        try (PreferenceStore store = open()) {
            StoredPair pair = store.pair(store.session("first test"), "a slow waltz", clip("1.mid"), clip("2.wav"));
            Instant judged = Instant.parse("2026-01-02T03:04:05.006Z");
            store.record(new Ballot(
                    "ballot 1", pair.id(), store.rater("secret"), opinion(Preference.BOTH_BAD), Optional.of(judged)));
        }
        try (PreferenceStore store = PreferenceStore.open(file(), CLOCK)) {
            Vote vote = new Vote(
                    "a slow waltz",
                    new RatedClip(directory.resolve("1.mid"), "system 1.mid", OptionalDouble.of(12.5)),
                    new RatedClip(directory.resolve("2.wav"), "system 2.wav", OptionalDouble.empty()),
                    Preference.BOTH_BAD,
                    store.pseudonym("secret"),
                    Optional.of(Instant.parse("2026-01-02T03:04:05.006Z")));
            assertEquals(
                    List.of(new StoredVote(1, "ballot 1", 1, "first test", Optional.of(Ballot.Shown.B), vote)),
                    store.votes());
            Session session = store.session("first test");
            assertEquals(new Session(1, "first test", NOW), session);
            assertEquals(List.of(session), store.sessions());
            StoredPair pair = new StoredPair(1, "a slow waltz", clip("1.mid"), clip("2.wav"));
            assertEquals(List.of(pair), store.pairs(session));
            assertEquals(Optional.of(pair), store.pair(1));
            assertEquals(Optional.empty(), store.pair(2));
        }
    }

    @Test
    void aRepeatedBallotIsAcknowledgedAgainAndAddsNothing() throws IOException {
        try (PreferenceStore store = open()) {
            Session session = store.session("test");
            long first = store.pair(session, "", clip("1"), clip("2")).id();
            long second = store.pair(session, "", clip("1"), clip("3")).id();
            assertEquals(first, store.pair(session, "", clip("1"), clip("2")).id());
            long rater = store.rater("one");
            Ballot ballot = new Ballot("key", first, rater, opinion(Preference.A), Optional.empty());
            assertEquals(new Receipt(1, false), store.record(ballot));
            assertEquals(new Receipt(1, true), store.record(ballot));
            Ballot other = new Ballot("key", first, rater, opinion(Preference.B), Optional.empty());
            assertEquals(
                    "ballot key was recorded as \"a\" for pair 1, and a judgement is never changed",
                    assertThrows(IllegalArgumentException.class, () -> store.record(other))
                            .getMessage());
            assertEquals(1, store.votes().size());
            assertEquals(Map.of(first, 1, second, 0), store.judgementCounts(session));
            assertEquals(Set.of(first), store.pairsJudgedBy(rater, session).keySet());
            assertEquals(Map.of(), store.pairsJudgedBy(store.rater("two"), session));
        }
    }

    @Test
    void unknownPairsAndRatersAreRefused() throws IOException {
        try (PreferenceStore store = open()) {
            long rater = store.rater("one");
            Ballot noPair = new Ballot("key", 7, rater, opinion(Preference.A), Optional.empty());
            assertEquals(
                    "there is no pair 7 in the database",
                    assertThrows(IllegalArgumentException.class, () -> store.record(noPair))
                            .getMessage());
            long pair = store.pair(store.session("s"), "", clip("1"), clip("2")).id();
            Ballot noRater = new Ballot("key", pair, 9, opinion(Preference.A), Optional.empty());
            assertEquals(
                    "there is no rater 9 in the database",
                    assertThrows(IllegalArgumentException.class, () -> store.record(noRater))
                            .getMessage());
        }
    }

    @Test
    void tokensOfRatersAreNotInTheFile() throws IOException {
        String token = "somebody@example.org";
        try (PreferenceStore store = open()) {
            long rater = store.rater(token);
            assertEquals(rater, store.rater(token));
            assertNotEquals(rater, store.rater("somebody else"));
            assertTrue(store.pseudonym(token).matches("r-[0-9a-f]{12}"), store.pseudonym(token));
        }
        String bytes = Files.readString(file(), StandardCharsets.ISO_8859_1);
        assertTrue(bytes.contains("token_hash"), "the database was not written back");
        assertFalse(bytes.contains(token), "the token is in the file");
    }

    @Test
    void pseudonymsDifferFromDatabaseToDatabase() throws IOException {
        try (PreferenceStore one = open();
                PreferenceStore two = PreferenceStore.openOrCreate(directory.resolve("other.db"), CLOCK)) {
            assertNotEquals(one.pseudonym("r000"), two.pseudonym("r000"));
        }
    }

    @Test
    void nothingRemainsOfATransactionThatFails() throws IOException {
        try (PreferenceStore store = open()) {
            assertThrows(
                    IllegalStateException.class,
                    () -> store.inOneTransaction(() -> {
                        store.session("lost");
                        throw new IllegalStateException("stop");
                    }));
            assertEquals(List.of(), store.sessions());
            store.inOneTransaction(() -> store.session("kept"));
            assertEquals(1, store.sessions().size());
        }
    }

    @Test
    void aDirectoryCanBeMovedWithItsDatabase() throws IOException {
        Path old = Files.createDirectory(directory.resolve("old"));
        Path outside = directory.resolve("outside.wav");
        try (PreferenceStore store = PreferenceStore.openOrCreate(old.resolve("j.db"), CLOCK)) {
            store.pair(
                    store.session("s"),
                    "",
                    new ClipFile(old.resolve("clips/1.wav"), Optional.empty(), ""),
                    new ClipFile(outside, Optional.empty(), ""));
        }
        Path moved = Files.move(old, directory.resolve("new"));
        try (PreferenceStore store = PreferenceStore.open(moved.resolve("j.db"), CLOCK)) {
            StoredPair pair = store.pair(1).orElseThrow();
            assertEquals(moved.resolve("clips/1.wav"), pair.a().path());
            assertEquals(outside, pair.b().path());
        }
    }

    @Test
    void filesThatAreNoDatabaseAreNamed() throws IOException {
        Path text = Files.writeString(directory.resolve("text.db"), "no database ".repeat(100));
        InvalidFileException thrown = assertThrows(InvalidFileException.class, () -> PreferenceStore.open(text, CLOCK));
        assertTrue(
                thrown.getMessage().startsWith(text + ": is not a database of votes, or is damaged"),
                thrown.getMessage());
        Path absent = directory.resolve("absent.db");
        assertThrows(NoSuchFileException.class, () -> PreferenceStore.open(absent, CLOCK));
        assertFalse(Files.exists(absent));
    }
}
