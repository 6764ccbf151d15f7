package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.encore.app.commands.ConfigOptions.RequiredConfig;
import org.encore.app.runs.GenerationPipeline;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.FileLock;
import org.encore.base.files.Manifest;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.decoding.SequenceTap;
import org.encore.model.parallel.ParallelGenerator.Request;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.codec.Clip;
import org.encore.preferences.listening.Lineup;
import org.encore.preferences.listening.ListeningSettings;
import org.encore.preferences.listening.ListeningTest;
import org.encore.preferences.listening.clips.ClipSource;
import org.encore.preferences.listening.clips.GeneratedFolder.CheckpointGenerator;
import org.encore.preferences.listening.page.ListeningServer;
import org.encore.preferences.store.PreferenceStore;
import org.encore.run.Progress;
import org.encore.steering.control.Dial;
import org.encore.steering.probes.ProbeDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Serves a blind listening test in the browser until it is stopped. */
@Command(
        name = "serve",
        description = "Serves a blind listening test in the browser until it is stopped (Ctrl-C or SIGTERM).")
public final class ServeCommand implements Callable<Integer> {
    @Mixin
    private RequiredConfig config;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ListeningSettings settings = located(config.read(ListeningSettings.class));
        Lineup lineup = new Lineup(settings, new Checkpoints());
        lineup.check();
        Files.createDirectories(settings.database().toAbsolutePath().getParent());
        // The turns of a test are in the memory of its process; imports and exports may go on beside it.
        Path database = settings.database();
        Path file = database.resolveSibling(database.getFileName() + ".lock");
        try (FileLock lock = FileLock.take(file, database, "stop the other listening test, or name another database")) {
            return served(settings, lineup);
        }
    }

    private Integer served(ListeningSettings settings, Lineup lineup) throws IOException, InterruptedException {
        Clock clock = Clock.systemUTC();
        PreferenceStore store = PreferenceStore.openOrCreate(settings.database(), clock);
        Serving serving = new Serving(results);
        serving.closes(store::close);
        try {
            ListeningTest test = new ListeningTest(settings, store, clock);
            if (!lineup.generates()) {
                lineup.layOut(test, Progress.none());
            }
            ListeningServer server = ListeningServer.start(test, clock);
            serving.closes(server::close);
            serving.begin(() ->
                    "stopped; " + test.votesGiven() + " votes since the start, all of them in " + settings.database());
            announce(test, server, lineup.generates());
            if (lineup.generates()) {
                try (TerminalProgress progress = new TerminalProgress()) {
                    lineup.layOut(test, progress);
                }
            }
            serving.awaitStop();
        } catch (IOException | RuntimeException e) {
            if (serving.isStopping()) {
                serving.awaitStop();
            }
            throw e;
        } finally {
            serving.close();
        }
        return ExitStatus.OK;
    }

    private void announce(ListeningTest test, ListeningServer server, boolean generates) {
        ListeningSettings settings = test.settings();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("session", settings.session());
        facts.put("database", settings.database().toString());
        facts.put("systems", settings.systems().stream().map(ClipSource::name).toList());
        facts.put("pairs", generates ? null : test.deck().size());
        facts.put("listeners", server.listenerLink());
        facts.put("organiser", server.organiserLink());
        String pairs = generates
                ? "pairs follow as the clips are generated"
                : test.deck().size() + " pairs";
        results.print(
                facts,
                String.format(
                        Locale.ROOT,
                        "listening test \"%s\": %d systems, %s, %d votes each; votes go to %s%n"
                                + "listeners  %s%norganiser  %s%nstop with Ctrl-C",
                        settings.session(),
                        settings.systems().size(),
                        pairs,
                        settings.rules().votesPerPair(),
                        settings.database(),
                        server.listenerLink(),
                        server.organiserLink()));
    }

    /** These settings with located checkpoints. */
    private static ListeningSettings located(ListeningSettings s) {
        List<ClipSource> systems = s.systems().stream()
                .map(system -> system instanceof ClipSource.Checkpoint model
                        ? new ClipSource.Checkpoint(
                                model.name(), Machine.locate(model.checkpoint()), model.temperature(), model.steer())
                        : system)
                .toList();
        return new ListeningSettings(
                s.session(), s.database(), systems, s.prompts(), s.clips(), s.seed(), s.page(), s.rules(), s.server());
    }

    /** Generates on this machine. */
    static final class Checkpoints implements CheckpointGenerator {
        @Override
        public void check(ClipSource.Checkpoint system) throws IOException {
            CheckpointInfo checkpoint = CheckpointInfo.of(Machine.locate(system.checkpoint()));
            if (system.steer().isPresent()) {
                ProbeDirectory probes = probes(checkpoint);
                dials(system).forEach(dial -> probes.of(Dial.parse(dial).trait()));
            }
        }

        private static ProbeDirectory probes(CheckpointInfo checkpoint) throws IOException {
            return ProbeDirectory.read(
                    checkpoint.directory().resolve(ProbeDirectory.BESIDE),
                    checkpoint.config().decoder());
        }

        /** None if it is not steered. */
        private static List<String> dials(ClipSource.Checkpoint system) {
            return Stream.of(system.steer().orElse("").split(",", -1))
                    .map(String::strip)
                    .filter(dial -> !dial.isEmpty())
                    .toList();
        }

        /** Dials, and the probes that they turn. */
        @Override
        public List<String> identity(ClipSource.Checkpoint system) throws IOException {
            List<String> identity = new ArrayList<>(dials(system));
            if (!identity.isEmpty()) {
                Path probes = Machine.locate(system.checkpoint()).resolve(ProbeDirectory.BESIDE);
                for (String file : List.of(ProbeDirectory.DESCRIPTION, ProbeDirectory.TENSORS)) {
                    identity.add(Manifest.sha256(probes.resolve(file)));
                }
            }
            return identity;
        }

        @Override
        public List<Clip> generate(
                ClipSource.Checkpoint system, List<String> prompts, IntFunction<RandomGenerator> streams)
                throws IOException {
            SamplingSettings sampling = new SamplingSettings(system.temperature(), 0, 1.0, 1.0);
            try (GenerationPipeline pipeline = GenerationPipeline.load(system.checkpoint(), prompts.size())) {
                PretrainedModel model = pipeline.model();
                List<String> dials = dials(system);
                List<Request> requests = prompts.stream().map(Request::new).toList();
                SequenceTap.Source taps = dials.isEmpty()
                        ? SequenceTap.Source.NONE
                        : SteerOptions.steering(dials, probes(model.checkpoint()), null, model);
                return pipeline.generate(requests, sampling, streams, taps, Progress.none()).stream()
                        .map(completion -> pipeline.clip(completion.codes()))
                        .toList();
            }
        }
    }
}
