package org.encore.app.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.encore.app.runs.RunSession;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of every command that starts a run from a configuration. */
final class RunOptions {
    @Parameters(paramLabel = "CONFIG", description = "The run's configuration, a YAML file.")
    private Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Replace one setting, e.g. --set seed=7. May be given several times; the last one wins.")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "Where the run writes (default: runs/<name of the configuration>-<number>).")
    private Path runDirectory;

    @Option(names = "--resume", paramLabel = "DIR", description = "Go on with the run in DIR from its last checkpoint.")
    private Path resumed;

    Path config() {
        return config;
    }

    List<String> overrides() {
        return List.copyOf(overrides);
    }

    /**
     * Where the run lies.
     *
     * @throws IllegalArgumentException if a fresh run and one to go on with are asked for at once
     */
    RunSession.Place place() {
        if (resumed != null && runDirectory != null) {
            throw new IllegalArgumentException(
                    "--run-dir and --resume exclude each other: a resumed run goes on writing where it was");
        }
        String name = String.valueOf(config.getFileName()).replaceFirst("\\.ya?ml$", "");
        return new RunSession.Place(Optional.ofNullable(runDirectory), Optional.ofNullable(resumed), name);
    }
}
