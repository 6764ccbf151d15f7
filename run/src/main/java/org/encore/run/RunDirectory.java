package org.encore.run;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.FileLock;
import org.encore.base.files.InvalidFileException;

/**
 * The directory of one run, and the names of all files in it.
 *
 * @param path an existing directory
 */
public record RunDirectory(Path path) {
    private static final Pattern CHECKPOINT = Pattern.compile("step-(\\d{1,18})");
    private static final String LOCK = ".lock";
    private static final int MOST_RUNS = 100_000;

    /**
     * Creates the directory of a new run.
     *
     * @throws IllegalArgumentException if the path exists and is not an empty directory
     */
    public static RunDirectory create(Path path) throws IOException {
        if (Files.exists(path) && !isEmptyDirectory(path)) {
            throw new IllegalArgumentException(path + " exists already, and a new run overwrites nothing: name another"
                    + " directory, or resume that run with --resume " + path);
        }
        return new RunDirectory(Files.createDirectories(path));
    }

    /**
     * Creates the directory {@code <parent>/<name>-NNN} with the lowest free number; runs that start at the same time get
     * different directories.
     *
     * @param name usually the name of the configuration; characters other than letters, digits, dots, hyphens and underscores
     *     become hyphens
     */
    public static RunDirectory createNumbered(Path parent, String name) throws IOException {
        String plain = name.replaceAll("[^\\p{Alnum}._-]", "-");
        Files.createDirectories(parent);
        for (int number = 1; number < MOST_RUNS; number++) {
            Path path = parent.resolve(String.format(Locale.ROOT, "%s-%03d", plain, number));
            if (isCreatedHere(path)) {
                return new RunDirectory(path);
            }
        }
        throw new IllegalArgumentException(parent + " holds " + MOST_RUNS + " runs named " + plain + ": name another");
    }

    /**
     * Opens the directory of a run.
     *
     * @throws InvalidFileException if it is not the directory of a run
     */
    public static RunDirectory open(Path path) {
        RunDirectory run = new RunDirectory(path);
        if (!Files.isDirectory(path)) {
            throw new InvalidFileException(path, "is not a directory, so it is not the directory of a run");
        }
        if (!Files.isRegularFile(run.config())) {
            throw new InvalidFileException(
                    path, "holds no " + run.config().getFileName() + ", so it is not the directory of a run");
        }
        return run;
    }

    /**
     * Takes the directory for this process; the caller closes the lock when it has written all.
     *
     * @throws InvalidFileException if another process writes to the run
     */
    public FileLock lock() throws IOException {
        return FileLock.take(
                path.resolve(LOCK), path, "wait until that run has ended, or name another directory with --run-dir");
    }

    /** The resolved configuration: every value, defaults included. */
    public Path config() {
        return path.resolve("config.yaml");
    }

    /** The provenance of the run. */
    public Path provenance() {
        return path.resolve("provenance.json");
    }

    /** The metrics: one line of JSON per step. */
    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    /** One line of JSON per sample of each iteration. */
    public Path sampleMetrics() {
        return path.resolve("samples.jsonl");
    }

    /** The directory of TensorBoard's event files. */
    public Path tensorboard() {
        return path.resolve("tensorboard");
    }

    /** The directory of the samples that were generated at a step. */
    public Path samples(long step) {
        return path.resolve("samples").resolve("step-" + step);
    }

    /** The directory of the checkpoint of a step. */
    public Path checkpoint(long step) {
        return path.resolve("checkpoints").resolve("step-" + step);
    }

    /** The model of the chosen step with its card; only of runs that are evaluated while they train. */
    public Path chosen() {
        return path.resolve("checkpoints").resolve("chosen");
    }

    /** Which step was chosen, and why. */
    public Path choice() {
        return path.resolve("checkpoints").resolve("chosen.json");
    }

    /** The held-out evaluation at a step. */
    public Path evaluation(long step) {
        return path.resolve("evaluations").resolve("step-" + step + ".json");
    }

    /** The report: one self-contained page. */
    public Path report() {
        return path.resolve("report.html");
    }

    /** The step of the last checkpoint; empty if there is none. */
    public OptionalLong lastCheckpointStep() throws IOException {
        Path checkpoints = path.resolve("checkpoints");
        if (!Files.isDirectory(checkpoints)) {
            return OptionalLong.empty();
        }
        try (Stream<Path> entries = Files.list(checkpoints)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> CHECKPOINT.matcher(entry.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                    .max();
        }
    }

    /** The last checkpoint; empty if there is none. */
    public Optional<Path> lastCheckpoint() throws IOException {
        OptionalLong step = lastCheckpointStep();
        return step.isPresent() ? Optional.of(checkpoint(step.getAsLong())) : Optional.empty();
    }

    /** Whether the run holds results: a metric or a checkpoint. */
    public boolean hasResults() throws IOException {
        return lastCheckpointStep().isPresent() || (Files.exists(metrics()) && Files.size(metrics()) > 0);
    }

    /** Deletes partly written files and directories of a run that was killed; no process may be writing to the run. */
    public void removeLeftovers() throws IOException {
        List<Path> leftovers;
        try (Stream<Path> entries = Files.walk(path)) {
            leftovers = entries.filter(entry -> !entry.equals(path) && AtomicFiles.isLeftover(entry))
                    .toList();
        }
        for (Path leftover : leftovers) {
            AtomicFiles.deleteRecursively(leftover);
        }
    }

    /** Creates a directory; false if it exists already. */
    private static boolean isCreatedHere(Path path) throws IOException {
        try {
            Files.createDirectory(path);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
    }

    private static boolean isEmptyDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        // What a run leaves that was killed before it had a configuration.
        try (Stream<Path> entries = Files.list(path)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .allMatch(name -> name.equals(LOCK) || (name.startsWith(".config.yaml") && name.endsWith(".tmp")));
        }
    }
}
