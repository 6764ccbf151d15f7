package org.encore.preferences.listening.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.Clip;
import org.encore.preferences.listening.Lineup;
import org.encore.preferences.listening.ListeningSettings;
import org.encore.preferences.listening.ListeningSettings.Page;
import org.encore.preferences.listening.ListeningSettings.Rules;
import org.encore.preferences.listening.ListeningSettings.ServerSettings;
import org.encore.preferences.listening.ListeningSettings.ServerSettings.Limits;
import org.encore.preferences.listening.ListeningTest;
import org.encore.preferences.listening.clips.ClipSource;
import org.encore.preferences.listening.clips.GeneratedFolder.CheckpointGenerator;
import org.encore.preferences.store.PreferenceStore;
import org.encore.run.Progress;

/** A listening test of two systems' short tones, served on a free loopback port. */
final class ServedTest implements AutoCloseable {
    static final String FIRST_SYSTEM = "alphasystem";
    static final String SECOND_SYSTEM = "betasystem";
    static final double CLIP_SECONDS = 2.0;
    static final double LEAST_SECONDS = 1.0;
    static final String ORGANISER_TOKEN = "an-organiser-token";

    private static final int SAMPLE_RATE = 8000;

    private final PreferenceStore store;
    private final ListeningTest test;
    private final ListeningServer server;

    private ServedTest(PreferenceStore store, ListeningTest test, ListeningServer server) {
        this.store = store;
        this.test = test;
        this.server = server;
    }

    static Limits patient() {
        return new Limits(1_000_000, 1_000_000, 1_000_000, 4096, 2000);
    }

    static ServerSettings loopback(Limits limits) {
        return new ServerSettings("127.0.0.1", 0, "", ORGANISER_TOKEN, limits);
    }

    /** Writes a number of clips of both systems. */
    static void writeClips(Path directory, int prompts, double seconds) throws IOException {
        for (String system : List.of(FIRST_SYSTEM, SECOND_SYSTEM)) {
            double hertz = system.equals(FIRST_SYSTEM) ? 440.0 : 330.0;
            for (int i = 0; i < prompts; i++) {
                Path folder = Files.createDirectories(directory.resolve(system));
                String name = String.format(Locale.ROOT, "%03d", i);
                WaveFiles.write(folder.resolve(name + ".wav"), tone(hertz + 5 * i, seconds));
                Files.writeString(folder.resolve(name + ".json"), "{\"prompt\": \"prompt <" + i + "> of the test\"}");
            }
        }
    }

    private static Waveform tone(double hertz, double seconds) {
        float[] samples = new float[(int) Math.round(seconds * SAMPLE_RATE)];
        for (int i = 0; i < samples.length; i++) {
            double swell = 0.15 + 0.35 * Math.abs(Math.sin(Math.PI * 3 * i / samples.length));
            samples[i] = (float) (swell * Math.sin(2 * Math.PI * hertz * i / SAMPLE_RATE));
        }
        return new Waveform(samples, SAMPLE_RATE);
    }

    static ListeningSettings settings(Path directory, Rules rules, ServerSettings server) {
        return settings(directory, rules, server, Page.defaults());
    }

    static ListeningSettings settings(Path directory, Rules rules, ServerSettings server, Page page) {
        return new ListeningSettings(
                "a test",
                directory.resolve("judgements.db"),
                List.of(
                        new ClipSource.Folder(FIRST_SYSTEM, directory.resolve(FIRST_SYSTEM)),
                        new ClipSource.Folder(SECOND_SYSTEM, directory.resolve(SECOND_SYSTEM))),
                Optional.empty(),
                Optional.empty(),
                1,
                page,
                rules,
                server);
    }

    /** Serves the clips of a directory, with all pairs laid out. */
    static ServedTest start(ListeningSettings settings, Clock clock) throws IOException {
        PreferenceStore store = PreferenceStore.openOrCreate(settings.database(), clock);
        try {
            ListeningTest test = new ListeningTest(settings, store, clock);
            new Lineup(settings, new NoPlayer()).layOut(test, Progress.none());
            return new ServedTest(store, test, ListeningServer.start(test, clock));
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Folders need no generator. */
    private static final class NoPlayer implements CheckpointGenerator {
        @Override
        public void check(ClipSource.Checkpoint system) {
            throw new UnsupportedOperationException("there are no checkpoints here");
        }

        @Override
        public List<Clip> generate(
                ClipSource.Checkpoint system, List<String> prompts, IntFunction<RandomGenerator> streams) {
            throw new UnsupportedOperationException("there are no checkpoints here");
        }
    }

    PreferenceStore store() {
        return store;
    }

    ListeningTest test() {
        return test;
    }

    ListeningServer server() {
        return server;
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() throws IOException {
        server.close();
        store.close();
    }
}
