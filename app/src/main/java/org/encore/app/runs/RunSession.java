package org.encore.app.runs;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.app.config.ResolvedConfig;
import org.encore.app.report.RunReport;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.ExitStatus.CommandFailedException;
import org.encore.app.terminal.RunLog;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.model.learning.DivergedException;
import org.encore.rewards.RewardFailure;
import org.encore.run.Provenance;
import org.encore.run.RunDirectory;
import org.encore.run.TensorBoardWriter;
import org.encore.run.TrainingLoop.RunContext;

/** One run of a command, from its directory to its report. */
public final class RunSession implements AutoCloseable {
    private static final Logger LOGGER = LogManager.getLogger(RunSession.class);

    private final RunDirectory directory;
    private final RunLog log;
    private final TerminalProgress progress;
    private final RunContext context;
    private final boolean resumed;
    private final String command;
    private boolean refused;
    private final long start = System.nanoTime();

    private RunSession(RunDirectory directory, boolean resumed, String command) throws IOException {
        this.command = command;
        this.directory = directory;
        this.resumed = resumed;
        this.log = RunLog.open(directory.path());
        this.progress = new TerminalProgress();
        Optional<Path> checkpoint = resumed ? directory.lastCheckpoint() : Optional.empty();
        this.context = new RunContext(directory, checkpoint, progress, Clock.systemUTC());
    }

    /**
     * Opens a new run, or resumes one.
     *
     * @param place directory of the run
     * @throws InvalidFileException if the run to resume has another configuration
     */
    public static RunSession open(Place place, Record settings) throws IOException {
        if (place.resumed().isPresent()) {
            RunDirectory directory = RunDirectory.open(place.resumed().get());
            requireSameConfiguration(directory, settings);
            directory.removeLeftovers();
            return new RunSession(directory, true, place.command());
        }
        RunDirectory directory = place.fresh().isPresent()
                ? RunDirectory.create(place.fresh().get())
                : RunDirectory.createNumbered(Path.of("runs"), place.name());
        String yaml = ResolvedConfig.yaml(settings);
        AtomicFiles.write(directory.config(), yaml.getBytes(StandardCharsets.UTF_8));
        try (TensorBoardWriter board = TensorBoardWriter.append(directory.tensorboard(), Clock.systemUTC())) {
            // Markdown shows indented lines as they are.
            board.text(0, "config", yaml.indent(4));
            board.started(RunReport.hyperparameters(directory));
        }
        return new RunSession(directory, false, place.command());
    }

    /**
     * The directory of a run, and the command that started it.
     *
     * @param fresh the directory that the user named for a new run
     * @param resumed the run to resume
     * @param name of the configuration
     * @param command the command as typed
     */
    public record Place(Optional<Path> fresh, Optional<Path> resumed, String name, String command) {}

    private static void requireSameConfiguration(RunDirectory directory, Record settings) throws IOException {
        String written = Files.readString(directory.config());
        if (!written.equals(ResolvedConfig.yaml(settings))) {
            throw new InvalidFileException(
                    directory.config(),
                    "the run has another configuration than the one given; resume with the file and the settings it started"
                            + " with, or start a new run");
        }
    }

    /** The work of a run. */
    @FunctionalInterface
    public interface Work {
        void run(RunSession session) throws IOException;
    }

    /**
     * Does the work; logs its start, its end, and the stack trace of a failure.
     *
     * <p>A new run that fails on bad input before it has results deletes its directory, so that the corrected command can use
     * the same one.
     *
     * @throws CommandFailedException if the training diverged or a reward failed
     */
    public static void run(Place place, Record settings, Work work) throws IOException {
        try (RunSession session = open(place, settings)) {
            session.run(work);
        }
    }

    void run(Work work) throws IOException {
        LOGGER.info(context.resumeFrom().map(path -> "resumes from " + path).orElse("starts"));
        try {
            work.run(this);
        } catch (RuntimeException e) {
            stopped(e);
            throw explained(e);
        } catch (IOException e) {
            stopped(e);
            throw e;
        }
        LOGGER.info("done");
    }

    private void stopped(Exception e) throws IOException {
        LOGGER.info("stopped", e);
        refused = !resumed && ExitStatus.of(e) == ExitStatus.BAD_INPUT && !directory.hasResults();
    }

    private RuntimeException explained(RuntimeException failure) {
        if (failure instanceof DivergedException) {
            return new CommandFailedException(failure.getMessage(), failure);
        }
        if (failure instanceof RewardFailure) {
            String hint = refused ? "" : "; fix it and resume with --resume " + directory.path();
            return new CommandFailedException(failure.getMessage() + hint, failure);
        }
        return failure;
    }

    /** The environment for the trainer. */
    public RunContext context() {
        return context;
    }

    /** The command as typed, for model cards. */
    public String command() {
        return command;
    }

    public RunDirectory directory() {
        return directory;
    }

    /** Writes the provenance, unless it is there from before an interruption. */
    public void recordProvenance(Record settings, Map<String, String> data, long seed, String backend)
            throws IOException {
        if (!Files.exists(directory.provenance())) {
            Provenance.Inputs inputs =
                    new Provenance.Inputs(command, ResolvedConfig.fingerprint(settings), data, seed, backend);
            Provenance.gather(inputs, Machine.home(), context.clock()).write(directory.provenance());
        }
    }

    /** Seconds since this process started or resumed the run. */
    public double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Writes {@code summary.json} and the report. */
    public void finish(Map<String, ?> summary) throws IOException {
        AtomicFiles.write(
                directory.path().resolve("summary.json"),
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(summary));
        RunReport.write(directory);
        try (TensorBoardWriter board = TensorBoardWriter.append(directory.tensorboard(), context.clock())) {
            board.text(0, "result", RunReport.story(directory));
            board.finished();
        }
    }

    @Override
    public void close() throws IOException {
        progress.close();
        log.close();
        if (refused) {
            AtomicFiles.deleteRecursively(directory.path());
        }
    }
}
