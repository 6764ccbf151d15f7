package org.encore.app.commands;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.encore.app.report.RunStatus;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.run.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows a run while it runs. */
@Command(
        name = "watch",
        description =
                "Shows how far a run is, its curves, and which step is chosen so far, until it ends; of a study the run that is"
                        + " being trained. It only reads.")
public final class WatchCommand implements Callable<Integer> {
    private static final String CLEAR = "\033[H\033[2J";

    @Parameters(paramLabel = "RUN", description = "The directory of a run or of a study.")
    private Path path;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "How often to look, from 1 to 3600.")
    private int every;

    @Option(names = "--once", description = "Show the state as it is now, and end.")
    private boolean once;

    @Mixin
    private Results results;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (every < 1 || every > 3600) {
            throw new IllegalArgumentException("--every is " + every + ", but must lie in [1, 3600]");
        }
        if (once) {
            RunStatus status = RunStatus.of(current());
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("step", status.step());
            facts.put("steps", status.steps());
            facts.put("ended", status.ended());
            results.print(facts, String.join(System.lineSeparator(), status.lines()));
            return ExitStatus.OK;
        }
        List<String> shown = List.of();
        boolean ended = false;
        while (!ended) {
            RunStatus status = RunStatus.of(current());
            if (!status.lines().equals(shown)) {
                shown = status.lines();
                show(shown);
            }
            ended = isOver(status);
            if (!ended) {
                Thread.sleep(1000L * every);
            }
        }
        return ExitStatus.OK;
    }

    /** On a terminal in place; elsewhere one block after another. */
    private void show(List<String> lines) {
        PrintWriter out = command.commandLine().getOut();
        out.print(Boolean.getBoolean("encore.stderr.terminal") ? CLEAR : System.lineSeparator());
        lines.forEach(out::println);
        out.flush();
    }

    /** A study ends with its page. */
    private boolean isOver(RunStatus status) {
        return status.ended() && (!isStudy() || Files.isRegularFile(path.resolve("study.json")));
    }

    private boolean isStudy() {
        return Files.isDirectory(path) && !Files.exists(path.resolve("metrics.jsonl")) && newest().isPresent();
    }

    private RunDirectory current() {
        return RunDirectory.open(isStudy() ? newest().orElseThrow() : path);
    }

    /** The run of a study that wrote a metric last. */
    private Optional<Path> newest() {
        try (Stream<Path> files = Files.find(
                path, 3, (file, attributes) -> file.getFileName().toString().equals("metrics.jsonl"))) {
            return files.max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .map(Path::getParent)
                    .filter(run -> !run.equals(path));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
