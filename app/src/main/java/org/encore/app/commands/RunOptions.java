package org.encore.app.commands;

import java.nio.file.Path;
import java.util.Optional;
import org.encore.app.runs.RunSession;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The arguments of every command that starts a run from a configuration. */
public final class RunOptions {
    @Mixin
    private ConfigOptions config;

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "Where the run writes (default: runs/<name of the configuration>-<number>).")
    private Path runDirectory;

    @Option(names = "--resume", paramLabel = "DIR", description = "Go on with the run in DIR from its last checkpoint.")
    private Path resumed;

    public ConfigOptions config() {
        return config;
    }

    /**
     * Where the run lies, and what started it.
     *
     * @param command the words of the command, e.g. {@code preferences train}
     * @throws IllegalArgumentException if a fresh run and one to go on with are asked for at once
     */
    public RunSession.Place place(String command) {
        if (resumed != null && runDirectory != null) {
            throw new IllegalArgumentException(
                    "--run-dir and --resume exclude each other: a resumed run goes on writing where it was");
        }
        String name = String.valueOf(config.path().getFileName()).replaceFirst("\\.ya?ml$", "");
        return new RunSession.Place(
                Optional.ofNullable(runDirectory), Optional.ofNullable(resumed), name, config.commandLine(command));
    }
}
