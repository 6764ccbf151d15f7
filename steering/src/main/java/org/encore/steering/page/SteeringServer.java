package org.encore.steering.page;

import java.net.InetAddress;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.Piece;
import org.encore.music.codec.notes.NoteCodec;
import org.encore.steering.control.Dial;
import org.encore.steering.page.Music.Sound;
import org.encore.steering.page.Phrases.Wish;
import org.encore.steering.probes.ProbeDirectory;
import org.encore.web.PageFile;
import org.encore.web.PageServer;
import org.encore.web.Secrets;

/** Serves the steering page on this machine, for one player, until it is closed. */
public final class SteeringServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int BODY_BYTES = 4096;

    private final PageServer server;
    private final Phrases phrases;
    private final String token = Secrets.fresh();

    /**
     * What is played.
     *
     * @param model of notes or of sound; the caller closes it after the server
     * @param name what the page calls it
     * @param probes of the model
     * @param sampling how phrases are drawn
     * @param seed of all phrases: same seed, same dials, same music
     */
    public record Settings(
            PretrainedModel model, String name, ProbeDirectory probes, SamplingSettings sampling, long seed) {}

    /**
     * Starts serving, after a first phrase that nobody hears: the first use of a model is slow.
     *
     * @param beginning notes to continue
     * @param sound codes to continue, {@code [K][F]}, for a model of sound
     * @param port 0 for any free one
     * @throws IllegalArgumentException if the port cannot be listened on, or the model is of neither kind
     */
    public static SteeringServer start(
            Settings settings, Optional<Piece> beginning, Optional<int[][]> sound, int port, Clock clock) {
        return new SteeringServer(settings, beginning, sound, port, clock);
    }

    private SteeringServer(
            Settings settings, Optional<Piece> beginning, Optional<int[][]> sound, int port, Clock clock) {
        PretrainedModel model = settings.model();
        phrases = phrases(settings);
        try {
            Optional<Music> given = beginning
                    .<Music>map(NotePhrases::beginning)
                    .or(() -> sound.map(codes -> new Sound(
                            codes, model.codec().encoder().orElseThrow().framesPerSecond())));
            Performance performance = new Performance(phrases, given, settings.seed());
            warmUp(settings, given);
            Map<String, Object> setting = new LinkedHashMap<>();
            setting.put("name", settings.name());
            setting.put("kind", model.codec().encoder().isPresent() ? "sound" : "notes");
            setting.put("readsText", model.config().readsText());
            SteeringRoutes routes = new SteeringRoutes(performance, settings.probes(), setting, token, clock);
            server = PageServer.start(
                    new PageServer.Settings(
                            "steering", HOST, InetAddress.getLoopbackAddress(), port, "--port is " + port, BODY_BYTES),
                    files(),
                    routes::addTo);
        } catch (RuntimeException e) {
            phrases.close();
            throw e;
        }
    }

    private static Phrases phrases(Settings settings) {
        PretrainedModel model = settings.model();
        if (model.codec().encoder().isPresent()) {
            return new SoundPhrases(model, settings.probes(), settings.sampling());
        }
        if (!model.codec().name().equals(NoteCodec.NAME)) {
            throw new IllegalArgumentException(model.checkpoint().directory() + ": the codec is "
                    + model.codec().name()
                    + ", but phrases are of bars or of sound: give a model of " + NoteCodec.NAME
                    + " or of a neural codec");
        }
        return new NotePhrases(model, settings.probes(), settings.sampling());
    }

    private void warmUp(Settings settings, Optional<Music> given) {
        List<Dial> dials = settings.probes().all().stream()
                .map(each -> new Dial(each.trait(), OptionalDouble.of(1.0)))
                .toList();
        Wish wish = new Wish("", dials, settings.probes().strength());
        Music first = phrases.play(given, wish, new RandomStreams(0).stream(Purpose.SAMPLING, 0))
                .after();
        phrases.waveform(first);
    }

    /** The files of the page, by the path that they are served at. */
    static Map<String, PageFile> files() {
        Map<String, PageFile> files = PageFile.shared();
        files.put("/", PageFile.of(SteeringServer.class, "steer.html"));
        for (String name : List.of("steer.css", "steer.js", "dial.js", "roll.js")) {
            files.put("/assets/" + name, PageFile.of(SteeringServer.class, name));
        }
        return files;
    }

    /** The link to the page, with the token that lets in. */
    public String link() {
        return server.link("/", token);
    }

    /** The port. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        phrases.close();
    }
}
