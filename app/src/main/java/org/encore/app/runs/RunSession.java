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
import org.encore.app.terminal.RunLog;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.run.Provenance;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop.RunContext;

/** One run from its directory to its report. */
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
     * Begins a fresh run, or goes on with one.
     *
     * @param place where the run lies, or shall lie
     * @throws InvalidFileException if the run to go on with has another configuration
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
        AtomicFiles.write(directory.config(), ResolvedConfig.yaml(settings).getBytes(StandardCharsets.UTF_8));
        return new RunSession(directory, false, place.command());
    }

    /**
     * Where a run lies.
     *
     * @param fresh the directory the user named for a fresh run
     * @param resumed the run to go on with
     * @param name of the configuration
     * @param command what the user typed
     */
    public record Place(Optional<Path> fresh, Optional<Path> resumed, String name, String command) {}

    private static void requireSameConfiguration(RunDirectory directory, Record settings) throws IOException {
        String written = Files.readString(directory.config());
        if (!written.equals(ResolvedConfig.yaml(settings))) {
            throw new InvalidFileException(
                    directory.config(),
                    "the run has another configuration than the one given; resume with the file and the settings it began"
                            + " with, or start a new run");
        }
    }

    /** What a run does. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException;
    }

    /**
     * Does the work and keeps in the log how it began and ended, with the trace of what ended it early.
     *
     * <p>A fresh run that was refused before it had any result leaves no directory behind, so that the corrected command
     * can name the same one.
     */
    public void run(Work work) throws IOException {
        LOGGER.info(context.resumeFrom().map(path -> "goes on from " + path).orElse("begins"));
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            LOGGER.info("stopped", e);
            refused = !resumed && ExitStatus.of(e) == ExitStatus.BAD_INPUT && !directory.hasResults();
            throw e;
        }
        LOGGER.info("done");
    }

    /** What the trainer is given. */
    public RunContext context() {
        return context;
    }

    /** What the user typed, for model cards. */
    public String command() {
        return command;
    }

    public RunDirectory directory() {
        return directory;
    }

    /** Records where a run comes from, unless it did so before it was interrupted. */
    public void recordProvenance(Record settings, Map<String, String> data, long seed, String backend)
            throws IOException {
        if (!Files.exists(directory.provenance())) {
            Provenance.Inputs inputs =
                    new Provenance.Inputs(command, ResolvedConfig.fingerprint(settings), data, seed, backend);
            Provenance.gather(inputs, Machine.home(), context.clock()).write(directory.provenance());
        }
    }

    /** Seconds since this process began or went on with the run. */
    public double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Writes {@code summary.json} and the report. */
    public void finish(Map<String, ?> summary) throws IOException {
        AtomicFiles.write(
                directory.path().resolve("summary.json"),
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(summary));
        RunReport.write(directory);
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
