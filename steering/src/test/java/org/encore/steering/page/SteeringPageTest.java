package org.encore.steering.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.encore.browser.Chromium;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.WaveFiles;
import org.encore.music.midi.MidiFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser; run by {@code mvn -Pbrowser}. */
@Tag("browser")
class SteeringPageTest {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final double MOST_MILLIS = 2000.0;
    private static final String TAB = "\uE004";
    private static final String ENTER = "\uE007";
    private static final String RIGHT = "\uE014";
    private static final String LEFT = "\uE012";

    @TempDir
    private Path directory;

    private Stage stage;
    private Chromium browser;

    @BeforeEach
    void start() throws IOException {
        stage = Stage.ofNotes(Optional.empty());
        browser = Chromium.start(directory);
    }

    @AfterEach
    void stop() {
        browser.close();
        stage.close();
    }

    private void openPage() {
        browser.open(stage.server().link());
        browser.await("!document.getElementById('desk').hidden");
        assertFalse(browser.run("return location.href").textValue().contains("token"), "the token leaves the address");
    }

    private void turn(String trait, double degree) {
        browser.run(
                "const dial = document.getElementById('dial-' + arguments[0]); dial.value = arguments[1];"
                        + "dial.dispatchEvent(new Event('input', {bubbles: true})); return 0",
                trait,
                degree);
    }

    /** Waits until a new phrase or take is heard, and says after how many milliseconds that was. */
    private double heard() {
        browser.await("document.getElementById('desk').dataset.sounded !== undefined");
        double millis = Double.parseDouble(browser.run("const desk = document.getElementById('desk');"
                        + "const sounded = desk.dataset.sounded; delete desk.dataset.sounded; return sounded")
                .asText());
        assertFalse(
                browser.run("return document.getElementById('audio').paused").booleanValue());
        assertTrue(millis < MOST_MILLIS, "heard after " + millis + " ms");
        return millis;
    }

    /** As the page has it; what the browser itself asks for has its cookie. */
    private JsonNode piece() {
        return browser.run("return (await fetch('/api/piece')).json()");
    }

    private byte[] fetched(String script) {
        String read = "const bytes = new Uint8Array(await (await fetch(" + script + ")).arrayBuffer());"
                + "let text = ''; for (let i = 0; i < bytes.length; i += 8192)"
                + " text += String.fromCharCode(...bytes.subarray(i, i + 8192)); return btoa(text)";
        return Base64.getDecoder().decode(browser.run(read).textValue());
    }

    /** What is downloaded is what the audio element plays, and the notes that the page has drawn. */
    private byte[] assertExportedAsHeard() {
        byte[] midi = fetched("document.getElementById('midi').href");
        assertArrayEquals(MidiFiles.toBytes(Stage.shown(piece())), midi);
        byte[] wav = fetched("document.getElementById('wav').href");
        assertArrayEquals(fetched("document.getElementById('audio').src"), wav);
        Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());
        assertArrayEquals(WaveFiles.toBytes(synthesiser.render(MidiFiles.read(midi, "exported"))), wav);
        return midi;
    }

    private int phrases() {
        return browser.run("return document.querySelectorAll('.phrase').length").intValue();
    }

    @Test
    void twoTraitsAreTurnedUpAndDownOverSixPhrases() throws IOException {
        browser.resize(1200, 1000);
        openPage();
        browser.screenshot(SCREENSHOTS.resolve("steer-fresh.png"));
        double[][] degrees = {{0, 0}, {0.8, 0}, {0.9, 0.8}, {-0.8, 0.9}, {-1, -0.8}, {0, 0.5}};
        for (int i = 0; i < degrees.length; i++) {
            turn("drums", degrees[i][0]);
            turn("bass", degrees[i][1]);
            browser.click("#next");
            heard();
            assertEquals(i + 1, phrases());
            assertExportedAsHeard();
        }
        JsonNode all = piece();
        for (int i = 0; i < degrees.length; i++) {
            JsonNode traits = all.path("phrases").path(i).path("traits");
            for (int d = 0; d < 2; d++) {
                double degree = traits.path(d).path("degree").doubleValue();
                assertEquals(degrees[i][d], degree, 1e-9);
                for (JsonNode push : traits.path(d).path("pushes")) {
                    assertEquals(Math.signum(degree), Math.signum(push.path(1).doubleValue()), push::toString);
                }
            }
        }
        byte[] first = assertExportedAsHeard();
        browser.click("#again");
        heard();
        assertEquals(
                2,
                browser.run("return document.querySelectorAll('.take').length").intValue());
        byte[] second = assertExportedAsHeard();
        assertFalse(Arrays.equals(first, second), "another take is other music");
        browser.screenshot(SCREENSHOTS.resolve("steer-light.png"));
        browser.prefer("dark");
        browser.screenshot(SCREENSHOTS.resolve("steer-dark.png"));
        browser.click(".take");
        browser.await("document.querySelector('.take').getAttribute('aria-pressed') === 'true'");
        browser.await("!document.getElementById('audio').paused");
        assertArrayEquals(first, assertExportedAsHeard());
        browser.click("#undo");
        browser.await("document.querySelectorAll('.take')[1].getAttribute('aria-pressed') === 'true'");
        assertArrayEquals(second, fetched("document.getElementById('midi').href"));
        browser.click("#undo");
        browser.await("document.querySelectorAll('.take').length === 0");
        assertEquals(all, piece(), "as it was before the second take");
        browser.click("#undo");
        browser.await("document.querySelectorAll('.phrase').length === 5");
        // A phrase of the middle is heard alone.
        browser.click("li:nth-of-type(2) .phrase");
        browser.await("document.querySelector('li:nth-of-type(2) .phrase.sounding') !== null");
        JsonNode from = browser.run("return document.getElementById('audio').currentTime");
        assertTrue(from.doubleValue() >= piece().at("/phrases/1/from").doubleValue(), from::toString);
        assertArrayEquals(fetched("document.getElementById('audio').src"), fetched("'/api/piece.wav'"));
        assertEquals(List.of(), browser.console());
    }

    /** From the address to an exported piece without a pointer. */
    @Test
    void theKeyboardAloneIsEnough() {
        openPage();
        tabTo("dial-drums");
        assertEquals(
                "solid",
                browser.run("return getComputedStyle(document.querySelector('#dial-drums + svg')).outlineStyle")
                        .textValue(),
                "focus can be seen");
        for (int i = 0; i < 16; i++) {
            browser.press(RIGHT);
        }
        assertEquals("until 80 % sure", value("dial-drums"));
        tabTo("dial-bass");
        browser.press(LEFT);
        assertEquals("away, until 5 % sure", value("dial-bass"));
        browser.press("0");
        assertEquals("off", value("dial-bass"));
        tabTo("text");
        for (String letter : List.of("r", "u", "n", " ")) {
            browser.press(letter);
        }
        assertEquals(
                "run ",
                browser.run("return document.getElementById('text').value").textValue());
        browser.press(ENTER);
        heard();
        assertEquals(0.8, piece().at("/phrases/0/traits/0/degree").doubleValue());
        assertEquals("run", piece().at("/phrases/0/text").textValue());
        tabTo("next");
        browser.press("n");
        heard();
        browser.press("r");
        heard();
        assertEquals("next", focused(), "focus stays where it was");
        browser.press("1");
        browser.await("document.querySelector('.take').getAttribute('aria-pressed') === 'true'");
        browser.press("u");
        browser.await("document.querySelectorAll('.take')[1].getAttribute('aria-pressed') === 'true'");
        tabTo("again");
        browser.press(ENTER);
        heard();
        assertEquals(3, piece().at("/phrases/1/takes").intValue());
        tabTo("score");
        browser.press(" ");
        browser.await("document.getElementById('audio').paused");
        browser.press("p");
        browser.await("!document.getElementById('audio').paused");
        tabTo("midi");
        tabTo("wav");
        tabTo("clear");
        browser.press(ENTER);
        browser.await("document.querySelectorAll('.phrase').length === 0");
        assertEquals(List.of(), browser.console());
    }

    private String value(String id) {
        return browser.run("return document.getElementById(arguments[0]).getAttribute('aria-valuetext')", id)
                .textValue();
    }

    private String focused() {
        return browser.run("return document.activeElement.id").textValue();
    }

    private void tabTo(String id) {
        for (int i = 0; i < 60 && !focused().equals(id); i++) {
            browser.press(TAB);
        }
        assertEquals(id, focused());
    }

    @Test
    void aDialIsDragged() {
        openPage();
        browser.drag("#dial-guitar + svg", 0, -55);
        double up = browser.run("return Number(document.getElementById('dial-guitar').value)")
                .doubleValue();
        assertEquals(0.5, up, 0.051);
        browser.drag("#dial-guitar + svg", -110, 0);
        double down = browser.run("return Number(document.getElementById('dial-guitar').value)")
                .doubleValue();
        assertEquals(-0.5, down, 0.051);
    }

    @Test
    void aPhoneSeesEverythingWithoutScrollingSideways() throws IOException {
        browser.becomePhone(390, 844);
        openPage();
        for (int i = 0; i < 3; i++) {
            turn("drums", i == 1 ? 0.9 : 0);
            browser.click("#next");
            heard();
        }
        browser.click("#again");
        heard();
        for (String scheme : List.of("light", "dark")) {
            browser.prefer(scheme);
            browser.run("scrollTo(0, 0); return 0");
            browser.screenshot(SCREENSHOTS.resolve("steer-phone-" + scheme + ".png"));
            browser.run("scrollTo(0, 560); return 0");
            browser.screenshot(SCREENSHOTS.resolve("steer-phone-" + scheme + "-below.png"));
        }
        JsonNode fits = browser.run(
                """
                scrollTo(0, document.documentElement.scrollHeight);
                await new Promise((resume) => setTimeout(resume, 100));
                const actions = document.querySelector('.actions').getBoundingClientRect();
                const last = document.querySelector('.phrases').getBoundingClientRect();
                return {wide: document.documentElement.scrollWidth <= innerWidth,
                    next: document.getElementById('next').getBoundingClientRect().bottom <= innerHeight,
                    below: last.bottom <= actions.top,
                    tall: [...document.querySelectorAll('button, #export a, input[type=range]:not(.dial input)')]
                        .filter((each) => each.offsetParent !== null || each.closest('.actions'))
                        .filter((each) => each.offsetHeight > 0 && each.offsetHeight < 40).map((each) => each.id)};
                """);
        assertTrue(fits.path("wide").booleanValue(), fits::toString);
        assertTrue(fits.path("next").booleanValue(), "the button is in sight");
        assertTrue(fits.path("below").booleanValue(), "the last phrase is not hidden behind the buttons");
        assertEquals(0, fits.path("tall").size(), fits::toString);
    }

    @Test
    void thePageLoadsNothingFromElsewhereAndBreaksNoPolicy() {
        openPage();
        browser.click("#next");
        heard();
        assertEquals(List.of(), browser.console());
        JsonNode problems = browser.elsewhere();
        assertEquals(0, problems.path("outside").size(), problems::toString);
        assertEquals(
                "http://elsewhere.example/x.png",
                problems.path("broken").path(0).textValue());
        assertNotEquals(List.of(), browser.console(), "the console is read at all");
        browser.open(stage.server().link().replaceFirst("token=.*", "token=guess"));
        assertEquals(1, phrases(), "who has joined needs no token, and finds the piece again");
    }

    @Test
    void aStrangerIsToldWhatIsMissing() {
        browser.open("http://127.0.0.1:" + stage.server().port() + "/");
        browser.await("document.getElementById('message-title').textContent === 'This page needs its link'");
        assertTrue(browser.is("#desk[hidden]"));
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "ENCORE_SHARED",
            matches = ".+",
            disabledReason = "needs a tiny MusicGen: set ENCORE_SHARED to the directory that holds data/golden")
    void soundIsDrawnAsAWaveform() throws IOException {
        stage.close();
        stage = Stage.ofSound(directory);
        browser.resize(1200, 1000);
        openPage();
        assertTrue(browser.is("#midi[hidden]"));
        for (int i = 0; i < 3; i++) {
            turn("drums", i - 1.0);
            browser.click("#next");
            heard();
        }
        assertEquals(3, phrases());
        assertArrayEquals(
                fetched("document.getElementById('audio').src"), fetched("document.getElementById('wav').href"));
        JsonNode drawn = browser.run(
                """
                await new Promise((resume) => requestAnimationFrame(() => requestAnimationFrame(resume)));
                const canvas = document.querySelector('#score canvas');
                const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height / 2);
                return new Set(data).size;
                """);
        assertTrue(drawn.intValue() > 10, "nothing is drawn");
        browser.screenshot(SCREENSHOTS.resolve("steer-sound.png"));
        assertEquals(List.of(), browser.console());
    }
}
