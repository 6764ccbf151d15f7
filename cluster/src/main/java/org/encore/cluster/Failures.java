package org.encore.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkRuntimeException;
import org.apache.spark.api.java.JavaSparkContext;
import org.encore.trainer.finetuning.ShardCluster.LostException;

/** What Spark says of failures, in one line. */
final class Failures {
    private Failures() {}

    /** The first line of the innermost cause that says something. */
    static String cause(Throwable thrown) {
        String said = thrown.getClass().getSimpleName();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each.getMessage() != null && !each.getMessage().isBlank()) {
                said = each.getMessage().lines().findFirst().orElse(said);
            }
        }
        return said;
    }

    /** The failure of a job, not of a task: the executors, the network or Spark itself. */
    static RuntimeException lost(JavaSparkContext context, String phase, Exception thrown) {
        String said = cause(thrown);
        if (context.sc().isStopped()) {
            return new LostException(
                    "the cluster ended the application during " + phase + ": " + said
                            + "; its executors could not be kept (see the logs of Spark's master and workers)",
                    thrown);
        }
        return thrown instanceof RuntimeException known && !(thrown instanceof SparkRuntimeException)
                ? known
                : new LostException(
                        "the cluster failed during " + phase + ": " + said + "; see the logs of its executors", thrown);
    }

    /**
     * Why executors of a {@code local-cluster} die at their start, if they do: the last complaint in the newest log.
     *
     * @param wanted executors; more than these and as many again were started only if some have died
     */
    static Optional<String> ofExecutors(JavaSparkContext context, int wanted) {
        String home = System.getenv("SPARK_HOME");
        if (home == null || !context.master().startsWith("local-cluster")) {
            return Optional.empty();
        }
        String work = System.getenv("SPARK_WORKER_DIR");
        Path logs = (work == null ? Path.of(home, "work") : Path.of(work))
                .resolve(context.sc().applicationId());
        try (Stream<Path> all = Files.isDirectory(logs) ? Files.list(logs) : Stream.empty()) {
            List<Path> started =
                    all.sorted(Comparator.comparing(Failures::modified)).toList();
            return started.size() < 2 * wanted + 1
                    ? Optional.empty()
                    : Optional.of("they end at their start, with \"" + complaint(started) + "\"");
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static FileTime modified(Path path) {
        try {
            return Files.getLastModifiedTime(path);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    private static String complaint(List<Path> started) throws IOException {
        for (Path each : started) {
            Path log = each.resolve("stderr");
            if (Files.isRegularFile(log)) {
                Optional<String> found = Files.readAllLines(log).stream()
                        .filter(line -> line.matches("(?s).*(Exception|Error|error|Unrecognized|Invalid).*")
                                && !line.startsWith("Spark Executor Command")
                                && !line.startsWith("\tat"))
                        .findFirst();
                if (found.isPresent()) {
                    return found.get().strip();
                }
            }
        }
        return "nothing in their logs";
    }
}
