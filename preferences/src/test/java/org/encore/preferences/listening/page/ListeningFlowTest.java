package org.encore.preferences.listening.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.encore.music.audio.Loudness;
import org.encore.music.audio.SoundFiles;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.listening.ListeningSettings.Page;
import org.encore.preferences.listening.ListeningSettings.Rules;
import org.encore.preferences.listening.page.Visitor.Answer;
import org.encore.preferences.store.Ballot.Shown;
import org.encore.preferences.store.PreferenceStore.StoredVote;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listener's way through a test, over HTTP. */
final class ListeningFlowTest {
    private static final int PROMPTS = 3;

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();
    private ServedTest served;

    @BeforeEach
    void start() throws IOException {
        ServedTest.writeClips(directory, PROMPTS, ServedTest.CLIP_SECONDS);
        served = start(1000);
    }

    private ServedTest start(int votesPerPair) throws IOException {
        Rules rules = new Rules(votesPerPair, ServedTest.LEAST_SECONDS, 20.0, 0.0);
        return ServedTest.start(
                ServedTest.settings(directory, rules, ServedTest.loopback(ServedTest.patient())), clock);
    }

    @AfterEach
    void stop() throws IOException {
        served.close();
    }

    /** Listens to both clips as long as asked for. */
    private void listen(Visitor visitor, JsonNode pair) {
        visitor.fetch(pair);
        for (int side = 0; side < 2; side++) {
            clock.advance(1.1);
            assertEquals(200, visitor.heard(pair, side, 1.05).status());
        }
    }

    @Test
    void aVoteIsStoredWithSidesAndTimes() throws IOException {
        Visitor visitor = Visitor.joined(served.port());
        JsonNode pair = visitor.standing().path("pair");
        listen(visitor, pair);
        Answer answer = visitor.vote(pair, "first");
        assertEquals(201, answer.status(), answer.text());

        StoredVote stored = only(served.store().votes());
        Shown shownFirst = stored.shownFirst().orElseThrow();
        Vote vote = stored.vote();
        assertEquals(shownFirst == Shown.A ? Preference.A : Preference.B, vote.preferred());
        assertEquals(ServedTest.FIRST_SYSTEM, vote.a().system());
        assertEquals(ServedTest.SECOND_SYSTEM, vote.b().system());
        assertEquals(1.05, vote.a().listenedSeconds().orElseThrow(), 1e-9);
        assertEquals(1.05, vote.b().listenedSeconds().orElseThrow(), 1e-9);
        assertEquals(pair.path("prompt").textValue(), vote.prompt());
        assertEquals(Optional.of(clock.instant()), vote.time());
    }

    /** What A on the page plays is the file that the store calls shown first. */
    @Test
    void theClipsAreThoseOfTheRecordedSides() throws IOException {
        for (int i = 0; i < 4; i++) {
            Visitor visitor = Visitor.joined(served.port());
            JsonNode pair = visitor.standing().path("pair");
            String clip = pair.path("clips").path(0).path("id").textValue();
            byte[] heard = visitor.get("/api/clips/" + clip).response().body();
            assertEquals(201, visitor.vote(pair, "skip").status());
            StoredVote stored = served.store().votes().get(i);
            Vote vote = stored.vote();
            Path file = stored.shownFirst().orElseThrow() == Shown.A
                    ? vote.a().clip()
                    : vote.b().clip();
            assertEquals(
                    List.of(
                            WaveFiles.read(file).samples()[100],
                            WaveFiles.read(file).samples()[5000]),
                    List.of(
                            WaveFiles.read(heard, "heard").samples()[100],
                            WaveFiles.read(heard, "heard").samples()[5000]));
        }
    }

    /** The vote stays in the file and counts no more; its pair comes again, on the same sides, heard already. */
    @Test
    void theLastVoteIsTakenBackOnce() throws IOException {
        Visitor visitor = Visitor.joined(served.port());
        assertEquals(410, visitor.post("/api/undo", Map.of()).status(), "nothing to take back");
        JsonNode pair = visitor.standing().path("pair");
        listen(visitor, pair);
        assertEquals(201, visitor.vote(pair, "first").status());
        Shown sides = only(served.store().votes()).shownFirst().orElseThrow();
        JsonNode standing = visitor.standing();
        assertTrue(standing.path("undo").booleanValue());
        assertEquals(1, standing.path("judged").intValue());

        assertEquals(200, visitor.post("/api/undo", Map.of()).status());
        assertEquals(List.of(), served.store().votes());
        assertEquals(0, served.test().votesGiven());
        JsonNode again = visitor.standing();
        assertEquals(0, again.path("judged").intValue());
        assertEquals(PROMPTS, again.path("remaining").intValue());
        assertFalse(again.path("undo").booleanValue());
        assertEquals(pair.path("prompt"), again.path("pair").path("prompt"));
        assertTrue(again.path("pair").path("ready").booleanValue());
        assertFalse(pair.path("id").equals(again.path("pair").path("id")));
        assertEquals(410, visitor.post("/api/undo", Map.of()).status(), "only the last, and only once");
        assertEquals(410, visitor.vote(pair, "second").status(), "the turn that was taken back is closed");
        assertEquals(201, visitor.vote(again.path("pair"), "second").status());
        StoredVote stored = only(served.store().votes());
        assertEquals(Optional.of(sides), stored.shownFirst());
        assertEquals(
                sides == Shown.A ? Preference.B : Preference.A, stored.vote().preferred());
        assertEquals(1, visitor.standing().path("judged").intValue());
    }

    /** Every pair takes one vote: the one that was taken back is free for others, and so is the one open meanwhile. */
    @Test
    void theDeckForgetsAVoteThatWasTakenBack() throws IOException {
        served.close();
        served = start(1);
        Visitor visitor = Visitor.joined(served.port());
        visitor.vote(visitor.standing().path("pair"), "skip");
        visitor.standing();
        assertEquals(200, visitor.post("/api/undo", Map.of()).status());
        assertEquals(0, served.test().deck().complete());
        Visitor other = Visitor.joined(served.port());
        assertEquals(PROMPTS - 1, other.standing().path("remaining").intValue(), "all but the one that is open");
    }

    @Test
    void skippedPairsAreNotJudgedOnes() throws IOException {
        Visitor visitor = Visitor.joined(served.port());
        visitor.vote(visitor.standing().path("pair"), "skip");
        JsonNode pair = visitor.standing().path("pair");
        listen(visitor, pair);
        visitor.vote(pair, "tie");
        JsonNode standing = visitor.standing();
        assertEquals(
                List.of(1, 1, 1),
                List.of(
                        standing.path("judged").intValue(),
                        standing.path("skipped").intValue(),
                        standing.path("remaining").intValue()));
    }

    @Test
    void commentsAreKeptBesideTheVoteWhereTheyAreAskedFor() throws IOException {
        Visitor visitor = Visitor.joined(served.port());
        JsonNode pair = visitor.standing().path("pair");
        Map<String, String> vote =
                Map.of("pair", pair.path("id").textValue(), "choice", "skip", "comment", "  too <short> ");
        assertEquals(201, visitor.post("/api/votes", vote).status());
        assertEquals(Map.of(1L, "too <short>"), served.store().comments());
        served.close();
        served = start(new Page("t", "q", true, Page.Ratings.NONE, "", "", false, false));
        Visitor other = Visitor.joined(served.port());
        JsonNode next = other.standing();
        assertFalse(next.path("comments").booleanValue());
        Map<String, String> unasked =
                Map.of("pair", next.path("pair").path("id").textValue(), "choice", "skip", "comment", "x");
        assertEquals(400, other.post("/api/votes", unasked).status());
    }

    @Test
    void nobodyHearsAPairWithoutConsent() throws IOException {
        served.close();
        served = start(new Page("t", "q", true, Page.Ratings.NONE, "Read.", "Your votes are kept.", true, false));
        Visitor visitor = new Visitor(served.port());
        JsonNode page = visitor.post("/api/join", Map.of()).json();
        assertEquals("Read.", page.path("instructions").path(0).textValue());
        assertEquals("Your votes are kept.", page.path("consent").textValue());
        assertTrue(page.path("levelCheck").booleanValue());
        assertEquals(409, visitor.get("/api/pair").status());
        assertEquals(409, visitor.post("/api/begin", Map.of("consent", false)).status());
        assertEquals(
                200,
                visitor.post("/api/begin", Map.of("consent", true, "headphones", true))
                        .status());
        assertEquals(200, visitor.get("/api/pair").status());
        assertTrue(
                visitor.post("/api/join", Map.of()).json().path("instructions").isMissingNode(), "read once");
    }

    /** The sound for the volume is as loud as the clips, and begins on the side that the page asks for. */
    @Test
    void theSoundForTheVolumeIsAsLoudAsTheClips() throws IOException {
        Visitor visitor = Visitor.joined(served.port());
        for (int side = 0; side < 2; side++) {
            byte[] wav = visitor.get("/api/level?first=" + (side == 0 ? "left" : "right"))
                    .response()
                    .body();
            Path file = Files.write(directory.resolve("level.wav"), wav);
            Waveform sound = new Waveform(
                    SoundFiles.readChannels(file).stream()
                            .map(Waveform::samples)
                            .toList(),
                    32000);
            assertEquals(-23.0, Loudness.of(sound), 0.1);
            assertTrue(Math.abs(sound.channel(side)[1000]) > 0.001f);
            assertEquals(0.0f, sound.channel(1 - side)[1000], 0.0f);
        }
    }

    private ServedTest start(Page page) throws IOException {
        Rules rules = new Rules(1000, ServedTest.LEAST_SECONDS, 20.0, 0.0);
        return ServedTest.start(
                ServedTest.settings(directory, rules, ServedTest.loopback(ServedTest.patient()), page), clock);
    }

    @Test
    void aChoiceIsRefusedBeforeBothWereHeard() throws IOException {
        Visitor visitor = Visitor.joined(served.port());
        JsonNode pair = visitor.standing().path("pair");
        for (String choice : List.of("first", "second", "tie", "both-bad")) {
            assertEquals(409, visitor.vote(pair, choice).status(), choice);
        }
        // Nothing was delivered, so no listening time counts, whatever the page reports.
        clock.advance(60);
        assertFalse(visitor.heard(pair, 0, 2.0).json().path("ready").booleanValue());
        assertFalse(visitor.heard(pair, 1, 2.0).json().path("ready").booleanValue());
        assertEquals(409, visitor.vote(pair, "tie").status());
        // Delivered, but just now: two seconds of sound cannot be over.
        visitor.fetch(pair);
        clock.advance(0.5);
        assertFalse(visitor.heard(pair, 0, 2.0).json().path("ready").booleanValue());
        assertFalse(visitor.heard(pair, 1, 2.0).json().path("ready").booleanValue());
        assertEquals(409, visitor.vote(pair, "tie").status());
        // The first was heard, the second not.
        clock.advance(10);
        assertFalse(visitor.heard(pair, 0, 2.0).json().path("ready").booleanValue());
        Answer early = visitor.vote(pair, "first");
        assertEquals(409, early.status());
        assertEquals(
                "listen to both clips before you choose",
                early.json().path("error").textValue());
        assertTrue(served.store().votes().isEmpty());

        assertTrue(visitor.heard(pair, 1, 2.0).json().path("ready").booleanValue());
        assertEquals(201, visitor.vote(pair, "both-bad").status());
        assertEquals(Preference.BOTH_BAD, only(served.store().votes()).vote().preferred());
    }

    @Test
    void halfOfAClipDeliveredIsAtMostHalfHeard() {
        Visitor visitor = Visitor.joined(served.port());
        JsonNode pair = visitor.standing().path("pair");
        String clip = pair.path("clips").path(0).path("id").textValue();
        Answer part = visitor.get("/api/clips/" + clip, "Range", "bytes=0-15999");
        assertEquals(206, part.status());
        assertEquals("bytes 0-15999/32044", part.header("Content-Range"));
        assertEquals(16000, part.response().body().length);
        clock.advance(60);
        double heard = visitor.heard(pair, 0, 2.0).json().path("heard").path(0).doubleValue();
        assertEquals(1.0, heard, 0.03, "16 of 32 blocks of 2 s");
    }

    @Test
    void skippingNeedsNoListening() throws IOException {
        Visitor visitor = Visitor.joined(served.port());
        assertEquals(201, visitor.vote(visitor.standing().path("pair"), "skip").status());
        Vote vote = only(served.store().votes()).vote();
        assertEquals(Preference.SKIP, vote.preferred());
        assertEquals(0.0, vote.a().listenedSeconds().orElseThrow());
    }

    @Test
    void theSamePairComesBackAfterReloadingAndNeverAfterAVote() {
        Visitor visitor = Visitor.joined(served.port());
        JsonNode pair = visitor.standing().path("pair");
        visitor.fetch(pair);
        clock.advance(1.5);
        visitor.heard(pair, 0, 1.2);
        JsonNode again = visitor.standing().path("pair");
        assertEquals(pair.path("id"), again.path("id"));
        assertEquals(1.2, again.path("clips").path(0).path("heard").doubleValue(), 1e-9);

        for (int done = 1; done <= PROMPTS; done++) {
            JsonNode standing = visitor.standing();
            assertEquals("pair", standing.path("state").textValue());
            assertEquals(done - 1, standing.path("skipped").intValue());
            assertEquals(PROMPTS - done + 1, standing.path("remaining").intValue());
            assertEquals(201, visitor.vote(standing.path("pair"), "skip").status());
        }
        assertEquals("done", visitor.standing().path("state").textValue());
    }

    @Test
    void aVoteThatIsSentAgainCountsOnce() throws IOException {
        Visitor visitor = Visitor.joined(served.port());
        JsonNode pair = visitor.standing().path("pair");
        listen(visitor, pair);
        assertEquals(201, visitor.vote(pair, "second").status());
        assertEquals(201, visitor.vote(pair, "second").status(), "the first answer was lost on the way");
        assertEquals(410, visitor.vote(pair, "first").status(), "a judgement is never changed");
        assertEquals(1, served.store().votes().size());
        JsonNode next = visitor.standing().path("pair");
        assertNotEquals(pair.path("id"), next.path("id"));
    }

    @Test
    void aListenerGoesOnAfterTheServerWasStartedAnew() throws IOException {
        Visitor visitor = Visitor.joined(served.port());
        JsonNode pair = visitor.standing().path("pair");
        assertEquals(201, visitor.vote(pair, "skip").status());
        JsonNode open = visitor.standing().path("pair");
        served.close();
        served = start(1000);

        Visitor later = new Visitor(served.port());
        later.cookies()
                .getCookieStore()
                .add(
                        URI.create("http://127.0.0.1/"),
                        visitor.cookies().getCookieStore().getCookies().get(0));
        assertEquals(200, later.post("/api/join", Map.of()).status());
        assertEquals(410, later.vote(open, "skip").status(), "a pair of the server that is gone");
        JsonNode standing = later.standing();
        assertEquals(1, standing.path("skipped").intValue());
        assertEquals(PROMPTS - 1, standing.path("remaining").intValue());
        assertEquals(1, served.store().votes().size());
    }

    @Test
    void pairsFillUpEvenlyAndAreDealtNoMoreThenPlanned() throws IOException {
        served.close();
        served = start(2);
        for (int i = 0; i < 2; i++) {
            Visitor visitor = Visitor.joined(served.port());
            for (int j = 0; j < PROMPTS; j++) {
                assertEquals(
                        201,
                        visitor.vote(visitor.standing().path("pair"), "skip").status());
            }
        }
        assertEquals(
                "done", Visitor.joined(served.port()).standing().path("state").textValue());
        assertEquals(
                List.of(2, 2, 2),
                List.copyOf(
                        served.store().judgementCounts(served.test().session()).values()));
    }

    private static StoredVote only(List<StoredVote> votes) {
        assertEquals(1, votes.size());
        return votes.get(0);
    }
}
