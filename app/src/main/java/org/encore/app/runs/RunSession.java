package org.encore.app.runs;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.app.config.ConfigException;
import org.encore.app.config.ConfigReader;
import org.encore.app.config.ResolvedConfig;
import org.encore.app.report.RunReport;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.ExitStatus.CommandFailedException;
import org.encore.app.terminal.ExitStatus.InterruptedRunException;
import org.encore.app.terminal.Interrupts;
import org.encore.app.terminal.RunLog;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.FileLock;
import org.encore.base.files.InvalidFileException;
import org.encore.model.learning.DivergedException;
import org.encore.rewards.RewardFailure;
import org.encore.run.Provenance;
import org.encore.run.RunDirectory;
import org.encore.run.TensorBoardWriter;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.run.TrainingLoop.TrainingStoppedException;
import org.encore.trainer.finetuning.FineTuning.NothingToLearnException;
import org.encore.trainer.finetuning.ShardCluster;

/** One run of a command, from its directory to its report. */
public final class RunSession implements AutoCloseable {
    private static final Logger LOGGER = LogManager.getLogger(RunSession.class);
    /** The settings that say how long a run is. */
    private static final List<String> LENGTHS = List.of("iterations", "training.steps");

    private final RunDirectory directory;
    private final FileLock lock;
    private final RunLog log;
    private final TerminalProgress progress;
    private final RunContext context;
    private final boolean resumed;
    private final Place place;
    private final Interrupts interrupts;
    private boolean refused;
    private final long start = System.nanoTime();

    private RunSession(RunDirectory directory, FileLock lock, boolean resumed, Place place) throws IOException {
        this.lock = lock;
        this.place = place;
        this.directory = directory;
        this.resumed = resumed;
        this.log = RunLog.open(directory.path());
        this.progress = new TerminalProgress();
        Optional<Path> checkpoint = resumed ? directory.lastCheckpoint() : Optional.empty();
        this.interrupts = Interrupts.caught(System.err);
        this.context = new RunContext(directory, checkpoint, progress, Clock.systemUTC(), interrupts::stopRequested);
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
            return locked(directory, lock -> {
                directory.removeLeftovers();
                writeConfiguration(directory, settings);
                return new RunSession(directory, lock, true, place);
            });
        }
        RunDirectory directory = place.fresh().isPresent()
                ? RunDirectory.create(place.fresh().get())
                : RunDirectory.createNumbered(Path.of("runs"), place.name());
        return locked(directory, lock -> {
            writeConfiguration(directory, settings);
            try (TensorBoardWriter board = TensorBoardWriter.append(directory.tensorboard(), Clock.systemUTC())) {
                // Markdown shows indented lines as they are.
                board.text(0, "config", ResolvedConfig.yaml(settings).indent(4));
                board.started(RunReport.hyperparameters(directory));
            }
            return new RunSession(directory, lock, false, place);
        });
    }

    private static void writeConfiguration(RunDirectory directory, Record settings) throws IOException {
        AtomicFiles.write(directory.config(), ResolvedConfig.yaml(settings).getBytes(StandardCharsets.UTF_8));
    }

    /** What is done with the lock of a directory, before which nothing is written there. */
    @FunctionalInterface
    private interface Opening {
        RunSession with(FileLock lock) throws IOException;
    }

    private static RunSession locked(RunDirectory directory, Opening opening) throws IOException {
        FileLock lock = directory.lock();
        try {
            return opening.with(lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * The directory of a run, and the command that started it.
     *
     * @param fresh the directory that the user named for a new run
     * @param resumed the run to resume
     * @param name of the configuration
     * @param command the command as typed
     * @param resumption the command that goes on with the run in a directory
     */
    public record Place(
            Optional<Path> fresh,
            Optional<Path> resumed,
            String name,
            String command,
            Function<Path, String> resumption) {}

    /** A resumed run keeps its configuration; only its length may grow. */
    private static void requireSameConfiguration(RunDirectory directory, Record settings) throws IOException {
        Map<String, Object> before = ResolvedConfig.leaves(written(directory.config(), settings.getClass()));
        Map<String, Object> now = ResolvedConfig.leaves(settings);
        Set<String> keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(now.keySet());
        for (String key : keys) {
            Object former = before.get(key);
            Object given = now.get(key);
            if (Objects.equals(former, given)) {
                continue;
            }
            if (!LENGTHS.contains(key)) {
                throw new InvalidFileException(
                        directory.config(),
                        "the run has another configuration than the one given: " + key + " was " + shown(former)
                                + " and is " + shown(given) + "; a resumed run may only become longer ("
                                + String.join(", ", LENGTHS) + "); for anything else start a new run");
            }
            long done = directory.lastCheckpointStep().orElse(0);
            if (((Number) given).longValue() < done) {
                throw new InvalidFileException(
                        directory.config(), key + " is " + given + ", but the run has done " + done + " already");
            }
        }
    }

    /** A written configuration; keys that did not exist when it was written have their defaults. */
    private static Record written(Path file, Class<? extends Record> type) {
        try {
            return new ConfigReader().readResolved(file, List.of(), type);
        } catch (ConfigException e) {
            throw new InvalidFileException(
                    file, "was written by a version with other keys (" + e.getMessage() + "); start a new run", e);
        }
    }

    private static String shown(Object value) {
        return value == null ? "not set" : value.toString();
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
        if (failure instanceof TrainingStoppedException stop) {
            return new InterruptedRunException(stopped(stop.step()), interrupts.status());
        }
        if (failure instanceof DivergedException) {
            return new CommandFailedException(failure.getMessage(), failure);
        }
        if (failure instanceof RewardFailure
                || failure instanceof NothingToLearnException
                || failure instanceof ShardCluster.LostException) {
            String hint = refused ? "" : "; fix it and go on with " + resumption();
            return new CommandFailedException(failure.getMessage() + hint, failure);
        }
        return failure;
    }

    private String stopped(long step) {
        return step == 0
                ? "stopped before the first step; begin anew with " + resumption()
                : "stopped after step " + step + ", which is saved; go on with " + resumption();
    }

    private String resumption() {
        return place.resumption().apply(directory.path());
    }

    /** The environment for the trainer. */
    public RunContext context() {
        return context;
    }

    /** The command as typed, for model cards. */
    public String command() {
        return place.command();
    }

    public RunDirectory directory() {
        return directory;
    }

    /** Writes the provenance, unless it is there from before an interruption. */
    public void recordProvenance(Record settings, Map<String, String> data, long seed, String backend)
            throws IOException {
        if (!Files.exists(directory.provenance())) {
            Provenance.Inputs inputs =
                    new Provenance.Inputs(place.command(), ResolvedConfig.fingerprint(settings), data, seed, backend);
            Provenance.gather(inputs, Machine.home(), context.clock()).write(directory.provenance());
        }
    }

    /** Seconds since this process started or resumed the run. */
    public double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Writes the report and {@code summary.json}. */
    public void finish(Map<String, ?> summary) throws IOException {
        // Before the results are printed: a bar draws itself once more when it ends.
        progress.close();
        String story = RunReport.writeLast(directory, summary);
        try (TensorBoardWriter board = TensorBoardWriter.append(directory.tensorboard(), context.clock())) {
            board.text(0, "result", story);
            board.finished();
        }
        // Last, because a run with it has ended.
        AtomicFiles.write(
                directory.path().resolve("summary.json"),
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(summary));
    }

    @Override
    public void close() throws IOException {
        interrupts.close();
        progress.close();
        log.close();
        lock.close();
        if (refused) {
            AtomicFiles.deleteRecursively(directory.path());
        }
    }
}
