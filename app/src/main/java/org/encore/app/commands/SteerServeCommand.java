package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.encore.app.runs.GenerationPipeline;
import org.encore.app.runs.GenerationPipeline.Length;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.midi.MidiFiles;
import org.encore.steering.page.SteeringServer;
import org.encore.steering.probes.ProbeDirectory;
import org.encore.steering.probes.ProbeFit.Fitted;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Serves the steering page. */
@Command(
        name = "serve",
        description = "Serves a page on this machine where a piece grows phrase by phrase while you turn the dials of"
                + " traits, until it is stopped (Ctrl-C or SIGTERM).")
public final class SteerServeCommand implements Callable<Integer> {
    private static final int HIGHEST_PORT = 65535;

    @Parameters(paramLabel = "CHECKPOINT", description = "The model.")
    private Path checkpoint;

    @Mixin
    private SteerOptions.Probes probes;

    @Option(
            names = "--continue",
            paramLabel = "FILE",
            description = "Sound (or MIDI for a model of notes) that the piece begins with.")
    private Path beginning;

    @Option(names = "--port", paramLabel = "N", defaultValue = "8322", description = "Port; 0 for any free one.")
    private int port;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Same seed and dials, same music.")
    private long seed;

    @Mixin
    private SamplingOptions sampled;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("--port is " + port + ", but must lie in [0, " + HIGHEST_PORT + "]");
        }
        SamplingSettings sampling = sampled.settings();
        Serving serving = new Serving(results);
        GenerationPipeline pipeline = GenerationPipeline.load(checkpoint, 1);
        serving.closes(pipeline::close);
        try {
            PretrainedModel model = pipeline.model();
            ProbeDirectory fitted = probes.of(model.checkpoint());
            boolean isSound = model.codec().encoder().isPresent();
            SteeringServer server = SteeringServer.start(
                    new SteeringServer.Settings(model, checkpoint.toString(), fitted, sampling, seed),
                    beginning == null || isSound ? Optional.empty() : Optional.of(MidiFiles.read(beginning)),
                    beginning == null || !isSound ? Optional.empty() : Optional.of(codes(pipeline)),
                    port,
                    Clock.systemUTC());
            serving.closes(server::close);
            serving.begin(() -> "stopped");
            announce(server, fitted);
            serving.awaitStop();
        } finally {
            serving.close();
        }
        return ExitStatus.OK;
    }

    private int[][] codes(GenerationPipeline pipeline) throws IOException {
        return pipeline.beginning(new Length(OptionalDouble.empty(), OptionalDouble.empty(), Optional.of(beginning)));
    }

    private void announce(SteeringServer server, ProbeDirectory fitted) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("checkpoint", checkpoint.toString());
        facts.put("traits", fitted.all().stream().map(Fitted::trait).toList());
        facts.put("page", server.link());
        results.print(
                facts,
                "steering " + checkpoint + " by "
                        + String.join(
                                ", ", fitted.all().stream().map(Fitted::trait).toList()) + "\npage  "
                        + server.link() + "\nstop with Ctrl-C");
    }
}
