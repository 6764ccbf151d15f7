package org.encore.app.commands.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.encore.app.runs.Machine;
import org.encore.base.files.InvalidFileException;
import org.encore.model.weights.ModelDirectory;

/** Checkpoints by the names a user gives: models, or runs, which stand for all of their checkpoints in order. */
final class CheckpointPaths {
    private static final String CHECKPOINTS = "checkpoints";
    private static final String STEP = "step-";

    private CheckpointPaths() {}

    /**
     * Looks them up.
     *
     * @throws InvalidFileException if a path is neither a model nor a run that has checkpoints
     */
    static List<Path> of(List<Path> given) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path path : given) {
            Path place = Machine.locate(path);
            if (Files.isRegularFile(place.resolve(ModelDirectory.WEIGHTS))) {
                found.add(path);
            } else {
                List<Path> steps = steps(place.resolve(CHECKPOINTS));
                if (steps.isEmpty()) {
                    throw new InvalidFileException(
                            path,
                            "is neither a model (" + ModelDirectory.WEIGHTS + ") nor a run with " + CHECKPOINTS + "/"
                                    + STEP + "N; name one of both");
                }
                found.addAll(steps);
            }
        }
        return found;
    }

    /** The end of a path that tells checkpoints apart: the run and the step, or the model's directory. */
    static String label(Path path) {
        Path full = path.toAbsolutePath().normalize();
        String name = String.valueOf(full.getFileName());
        Path parent = full.getParent();
        boolean ofRun = name.startsWith(STEP) && parent != null && parent.getParent() != null;
        return ofRun ? parent.getParent().getFileName() + "/" + name : name;
    }

    private static List<Path> steps(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(each -> each.getFileName().toString().matches(STEP + "\\d{1,9}"))
                    .sorted(Comparator.comparingInt(each ->
                            Integer.parseInt(each.getFileName().toString().substring(STEP.length()))))
                    .toList();
        }
    }
}
