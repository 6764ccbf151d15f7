package org.encore.app.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.encore.app.config.ConfigReader;
import org.encore.app.runs.Machine;
import org.encore.app.runs.RunSession;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The configuration of a command, and settings that override parts of it. */
public final class ConfigOptions {
    @Parameters(paramLabel = "CONFIG", description = "The configuration, a YAML file.")
    private Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Replace one setting, e.g. --set seed=7. May be given several times; the last one wins.")
    private List<String> overrides = new ArrayList<>();

    public Path path() {
        return config;
    }

    /**
     * The command line for model cards and provenance: the command, the path of the configuration and all overridden
     * settings, quoted for a shell.
     *
     * @param command words of the command, e.g. {@code preferences train}
     */
    public String commandLine(String command) {
        StringBuilder line = new StringBuilder("./encore " + command + " " + quoted(config.toString()));
        overrides.forEach(override -> line.append(" --set ").append(quoted(override)));
        return line.toString();
    }

    private static String quoted(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** Reads the configuration; a file that does not exist is searched in the directory of Encore. */
    public <T extends Record> T read(Class<T> type) {
        return new ConfigReader().read(Machine.locate(config), overrides, type);
    }

    /** The arguments of every command that starts a run from a configuration. */
    public static final class RunOptions {
        @Mixin
        private ConfigOptions config;

        @Option(
                names = "--run-dir",
                paramLabel = "DIR",
                description = "Where the run writes (default: runs/<name of the configuration>-<number>).")
        private Path runDirectory;

        @Option(names = "--resume", paramLabel = "DIR", description = "Resume the run in DIR from its last checkpoint.")
        private Path resumed;

        public ConfigOptions config() {
            return config;
        }

        /**
         * The directory of the run, and the command that started it.
         *
         * @param command the words of the command, e.g. {@code preferences train}
         * @throws IllegalArgumentException if both a new run and a run to resume are given
         */
        public RunSession.Place place(String command) {
            if (resumed != null && runDirectory != null) {
                throw new IllegalArgumentException(
                        "--run-dir and --resume exclude each other: a resumed run writes to its own directory");
            }
            String name = String.valueOf(config.path().getFileName()).replaceFirst("\\.ya?ml$", "");
            return new RunSession.Place(
                    Optional.ofNullable(runDirectory), Optional.ofNullable(resumed), name, config.commandLine(command));
        }
    }
}
