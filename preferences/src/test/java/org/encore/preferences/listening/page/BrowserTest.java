package org.encore.preferences.listening.page;

import static org.encore.preferences.Preference.A;
import static org.encore.preferences.Preference.B;
import static org.encore.preferences.Preference.BOTH_BAD;
import static org.encore.preferences.Preference.TIE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.browser.Chromium;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.WaveFiles;
import org.encore.music.etudes.Etudes;
import org.encore.music.etudes.Etudes.Etude;
import org.encore.music.midi.MidiFiles;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.listening.ListeningSettings.Page;
import org.encore.preferences.listening.ListeningSettings.Rules;
import org.encore.preferences.store.Ballot;
import org.encore.preferences.store.Ballot.Opinion;
import org.encore.preferences.store.Ballot.Shown;
import org.encore.preferences.store.PreferenceStore.StoredPair;
import org.encore.preferences.store.PreferenceStore.StoredVote;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages in a real browser; run by {@code mvn -Pbrowser}. */
@Tag("browser")
final class BrowserTest {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final int PIECES = 3;

    @TempDir
    private Path directory;

    private ServedTest served;
    private Chromium browser;

    /** Pieces as MIDI against pieces as WAV. */
    @BeforeEach
    void start() throws IOException {
        Path notes = Files.createDirectories(directory.resolve(ServedTest.FIRST_SYSTEM));
        Path sound = Files.createDirectories(directory.resolve(ServedTest.SECOND_SYSTEM));
        Etudes etudes = new Etudes(1);
        Synthesiser synthesiser =
                new Synthesiser(Synthesiser.Settings.standard().withSampleRate(16000));
        for (int i = 0; i < PIECES; i++) {
            Etude etude = etudes.heldOut(i);
            MidiFiles.write(notes.resolve(i + ".mid"), etude.piece());
            Files.writeString(notes.resolve(i + ".txt"), etude.prompt().text());
            WaveFiles.write(
                    sound.resolve(i + ".wav"),
                    synthesiser.render(etudes.heldOut(i + PIECES).piece()));
        }
        served = ServedTest.start(
                ServedTest.settings(
                        directory, new Rules(1000, 1.5, 12.0, 0.0), ServedTest.loopback(ServedTest.patient())),
                Clock.systemUTC());
        browser = Chromium.start(directory);
    }

    @AfterEach
    void stop() throws IOException {
        browser.close();
        served.close();
    }

    private void openPage() {
        browser.open(served.server().listenerLink());
        browser.await("document.getElementById('message').hidden");
        if (!browser.is("#intro[hidden]")) {
            browser.click("input[name=side][value=both] + span");
            browser.click("#begin");
        }
        browser.await("!document.getElementById('pair').hidden");
    }

    /** Instructions, the check of volume and headphones, consent: nothing plays before all of it is done. */
    @Test
    void aListenerReadsChecksAndConsentsFirst() throws IOException {
        served.close();
        served = ServedTest.start(
                ServedTest.settings(
                        directory,
                        new Rules(1000, 1.5, 12.0, -23.0),
                        ServedTest.loopback(ServedTest.patient()),
                        new Page(
                                "A test",
                                "Which?",
                                true,
                                Page.Ratings.NONE,
                                "One.\n\nTwo <b>.",
                                "I agree.",
                                true,
                                true)),
                Clock.systemUTC());
        browser.becomePhone(390, 844);
        browser.open(served.server().listenerLink());
        browser.await("!document.getElementById('intro').hidden");
        assertEquals("One.", browser.text("#instructions p:first-child"));
        assertEquals("Two <b>.", browser.text("#instructions p:last-child"));
        assertTrue(browser.is("#begin:disabled"));
        browser.click("#level-play");
        // Wrong on one of the two sides, right on the other; the page says which, and lets both go on.
        browser.click("input[name=side][value=left] + span");
        String left = browser.text("#level-status");
        browser.click("input[name=side][value=right] + span");
        assertTrue(left.startsWith("Right:") != browser.text("#level-status").startsWith("Right:"), left);
        assertTrue(browser.is("#begin:disabled"), "without consent");
        browser.click("#consent");
        browser.await("document.querySelector('#begin:disabled') === null");
        assertTrue(browser.run("return document.documentElement.scrollWidth <= innerWidth")
                .booleanValue());
        browser.screenshot(SCREENSHOTS.resolve("phone-intro.png"));
        browser.click("#begin");
        browser.await("!document.getElementById('pair').hidden");
        browser.open(served.server().listenerLink());
        browser.await("!document.getElementById('pair').hidden");
        assertTrue(browser.is("#intro[hidden]"), "read once");
    }

    @Test
    void theLastAnswerIsTakenBackAndACommentGoesWithTheNext() throws IOException {
        openPage();
        String prompt = browser.text("#prompt");
        assertTrue(browser.is("#undo[hidden]"));
        browser.click("[data-choice=skip]");
        browser.await("document.getElementById('count').textContent.startsWith('0 judged, 1 skipped')");
        browser.press("u");
        browser.await("document.getElementById('count').textContent.startsWith('0 judged, 3')");
        assertEquals(prompt, browser.text("#prompt"));
        assertEquals(0, served.store().size());
        browser.run("document.getElementById('comment').focus(); return 0");
        browser.press("s");
        assertEquals(
                "s",
                browser.run("return document.getElementById('comment').value").textValue());
        browser.click("[data-choice=skip]");
        browser.await("document.getElementById('count').textContent.startsWith('0 judged, 1 skipped')");
        assertEquals(List.of("s"), List.copyOf(served.store().comments().values()));
        assertEquals(
                "",
                browser.run("return document.getElementById('comment').value").textValue());
    }

    private void playUntilHeard(int side) {
        browser.click("#clip-" + side + " .play");
        browser.await("document.querySelector('#clip-" + side + " .heard.enough') !== null");
    }

    @Test
    void twoClipsAreHeardAndAVoteIsStored() throws IOException {
        browser.resize(1280, 900);
        openPage();
        String prompt = browser.text("#prompt");
        assertTrue(browser.is("[data-choice=first]:disabled"));
        assertTrue(browser.is("[data-choice=both-bad]:disabled"));
        assertFalse(browser.is("[data-choice=skip]:disabled"));
        browser.screenshot(SCREENSHOTS.resolve("desktop-fresh.png"));

        playUntilHeard(0);
        assertTrue(browser.is("#clip-0.playing"), "it goes on to play");
        assertTrue(browser.is("[data-choice=first]:disabled"), "one clip is not enough");
        playUntilHeard(1);
        assertTrue(browser.is("#clip-1.playing") && !browser.is("#clip-0.playing"), "one at a time");
        browser.await("document.querySelector('[data-choice=first]:disabled') === null");
        browser.screenshot(SCREENSHOTS.resolve("desktop-heard.png"));
        browser.click("[data-choice=second]");
        browser.await("document.getElementById('count').textContent.startsWith('1 judged')");

        List<StoredVote> votes = served.store().votes();
        assertEquals(1, votes.size());
        Vote vote = votes.get(0).vote();
        boolean straight = votes.get(0).shownFirst().orElseThrow() == Shown.A;
        assertEquals(straight ? Preference.B : Preference.A, vote.preferred());
        assertEquals(prompt, vote.prompt());
        assertTrue(vote.a().listenedSeconds().orElseThrow() >= 1.5);
        assertTrue(vote.b().listenedSeconds().orElseThrow() >= 1.5);
        assertTrue(browser.is("[data-choice=first]:disabled"), "the next pair has to be heard first");
    }

    /** Instead of a choice: two ratings, then a button; the higher rating is the choice. */
    @Test
    void twoClipsAreRated() throws IOException {
        served.close();
        served = ServedTest.start(
                ServedTest.settings(
                        directory,
                        new Rules(1000, 1.5, 12.0, 0.0),
                        ServedTest.loopback(ServedTest.patient()),
                        new Page("Rating", "How good is each?", true, Page.Ratings.INSTEAD, "", "", false, false)),
                Clock.systemUTC());
        openPage();
        assertTrue(browser.is("[data-choice=first][hidden]") && !browser.is("[data-choice=rated][hidden]"));
        playUntilHeard(0);
        playUntilHeard(1);
        browser.click("#rating-0 label:nth-of-type(2) span");
        assertTrue(browser.is("[data-choice=rated]:disabled"), "one rating is not enough");
        browser.click("#rating-1 label:nth-of-type(5) span");
        browser.await("document.querySelector('[data-choice=rated]:disabled') === null");
        browser.screenshot(SCREENSHOTS.resolve("desktop-rated.png"));
        browser.click("[data-choice=rated]");
        browser.await("document.getElementById('count').textContent.startsWith('1 judged')");
        StoredVote stored = served.store().votes().get(0);
        boolean straight = stored.shownFirst().orElseThrow() == Shown.A;
        assertEquals(straight ? Preference.B : Preference.A, stored.vote().preferred());
        assertEquals(
                2.0, (straight ? stored.vote().a() : stored.vote().b()).rating().orElseThrow());
        assertTrue(browser.is("[data-choice=rated]:disabled"), "the next pair has no ratings yet");
    }

    @Test
    void keysDoWhatThePageSays() throws IOException {
        openPage();
        browser.press("1");
        browser.press("4");
        browser.press("a");
        browser.await("document.querySelector('#clip-0 .heard.enough') !== null");
        browser.press(" ");
        browser.await("document.querySelector('.playing') === null");
        browser.press("\uE014"); // arrow to the right
        browser.press("b");
        browser.await("document.querySelector('#clip-1 .heard.enough') !== null");
        browser.await("document.querySelector('[data-choice=tie]:disabled') === null");
        assertTrue(served.store().votes().isEmpty(), "keys pressed too early did nothing");
        browser.press("2");
        browser.await("document.getElementById('count').textContent.startsWith('1 judged')");
        browser.press("s");
        browser.await("document.getElementById('count').textContent.startsWith('1 judged, 1 skipped')");
        assertEquals(
                List.of(Preference.TIE, Preference.SKIP),
                served.store().votes().stream()
                        .map(each -> each.vote().preferred())
                        .toList());
    }

    /** The server, and not only the page, refuses a script that is faster than a listener. */
    @Test
    void aPageThatLiesIsRefused() throws IOException {
        openPage();
        JsonNode status = browser.run(
                """
                const asked = await (await fetch('/api/pair')).json();
                const post = (path, body) => fetch(path, {method: 'POST', body: JSON.stringify(body),
                    headers: {'Content-Type': 'application/json'}});
                for (const clip of asked.pair.clips) {
                    await (await fetch('/api/clips/' + clip.id)).blob();
                    await post('/api/heard', {clip: clip.id, seconds: 99});
                }
                return (await post('/api/votes', {pair: asked.pair.id, choice: 'first'})).status;
                """);
        assertEquals(409, status.intValue());
        assertTrue(served.store().votes().isEmpty());
    }

    @Test
    void thePageLoadsNothingFromElsewhereAndBreaksNoPolicy() {
        openPage();
        JsonNode problems = browser.elsewhere();
        assertEquals(0, problems.path("outside").size(), problems::toString);
        assertEquals(
                "http://elsewhere.example/x.png",
                problems.path("broken").path(0).textValue());
    }

    @Test
    void aPhoneSeesEverythingWithoutScrollingSideways() throws IOException {
        browser.becomePhone(390, 844);
        openPage();
        playUntilHeard(0);
        playUntilHeard(1);
        browser.await("document.querySelector('[data-choice=first]:disabled') === null");
        browser.screenshot(SCREENSHOTS.resolve("phone-heard.png"));
        JsonNode fits = browser.run(
                """
                const box = document.querySelector('[data-choice=skip]').getBoundingClientRect();
                return {wide: document.documentElement.scrollWidth <= innerWidth, low: box.bottom <= innerHeight,
                    tall: [...document.querySelectorAll('button')].filter((each) => each.offsetParent !== null)
                        .every((each) => each.offsetHeight >= 40)};
                """);
        assertTrue(fits.path("wide").booleanValue(), fits::toString);
        assertTrue(fits.path("low").booleanValue(), "the choices are in sight");
        assertTrue(fits.path("tall").booleanValue(), "buttons can be touched");
        browser.click("[data-choice=first]");
        browser.await("document.getElementById('count').textContent.startsWith('1 judged')");
        assertEquals(1, served.store().votes().size());
    }

    @Test
    void theEndIsSaid() throws IOException {
        openPage();
        for (int done = 1; done <= PIECES; done++) {
            browser.await("document.querySelector('[data-choice=skip]:disabled') === null");
            browser.click("[data-choice=skip]");
            browser.await(
                    done < PIECES
                            ? "document.getElementById('count').textContent.startsWith('0 judged, " + done
                                    + " skipped')"
                            : "!document.getElementById('message').hidden");
        }
        assertEquals("That was all. Thank you!", browser.text("#message-title"));
        assertEquals(
                "You skipped 3 pairs, and all of it is stored. You can close this page.",
                browser.text("#message-text"));
        browser.screenshot(SCREENSHOTS.resolve("desktop-done.png"));
        assertEquals(PIECES, served.store().votes().size());
    }

    /** Forty listeners, three of them on every pair, of whom most prefer the first system. */
    @Test
    void theOrganiserSeesProgressAndRanking() throws IOException {
        List<StoredPair> pairs = served.store().pairs(served.test().session());
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < PIECES; j++) {
                if (i < 3 || j == i % PIECES) {
                    record(
                            pairs.get(j),
                            i,
                            List.of(A, A, A, A, A, A, B, B, TIE, BOTH_BAD).get((7 * i + 3 * j) % 10));
                }
            }
        }
        browser.resize(1280, 1000);
        browser.open(served.server().organiserLink());
        browser.await("!document.getElementById('summary').hidden");
        assertEquals("46", browser.text("#tiles dd").replaceAll("\\s.*", ""));
        assertEquals(ServedTest.FIRST_SYSTEM, browser.text("#ranking tbody th"));
        JsonNode bars = browser.run(
                """
                return [...document.querySelectorAll('#ranking .bar div')].map((track) => {
                    const from = track.getBoundingClientRect().left;
                    const to = track.getBoundingClientRect().right;
                    const [span, point] = [...track.children].map((each) => each.getBoundingClientRect());
                    return [span.left, (point.left + point.right) / 2, span.right].map((x) => (x - from) / (to - from));
                });
                """);
        assertTrue(bars.path(0).path(0).doubleValue() > 0.5, bars::toString);
        assertTrue(bars.path(1).path(2).doubleValue() < 0.5, bars::toString);
        assertEquals(
                browser.text("#ranking tbody td:nth-of-type(2)"),
                String.format(Locale.ROOT, "%.1f %%", 100 * bars.path(0).path(1).doubleValue()));
        assertTrue(browser.text("#trust").startsWith("3 pairs judged by several listeners: they agree on "));
        assertFalse(browser.run("return location.href").textValue().contains("token"), "the token leaves the address");
        browser.screenshot(SCREENSHOTS.resolve("organiser.png"));
        browser.becomePhone(390, 844);
        browser.await("document.documentElement.scrollWidth <= innerWidth");
        browser.screenshot(SCREENSHOTS.resolve("organiser-phone.png"));
    }

    private void record(StoredPair pair, int rater, Preference preferred) throws IOException {
        Opinion opinion = new Opinion(
                preferred,
                OptionalDouble.of(8.0 + rater % 5),
                OptionalDouble.of(9.0),
                Optional.of(rater % 2 == 0 ? Shown.A : Shown.B));
        long id = served.store().rater("rater " + rater);
        served.store().record(new Ballot(rater + "/" + pair.id(), pair.id(), id, opinion, Optional.empty()));
    }
}
