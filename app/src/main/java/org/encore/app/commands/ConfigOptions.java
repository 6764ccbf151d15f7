package org.encore.app.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.encore.app.config.ConfigReader;
import org.encore.app.runs.Machine;
import org.encore.app.runs.RunSession;
import org.encore.run.RunDirectory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The configuration of a command, and settings that override parts of it. */
public abstract class ConfigOptions {
    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Replace one setting, e.g. --set seed=7. May be given several times; the last one wins.")
    private List<String> overrides = new ArrayList<>();

    /** The YAML file. */
    public abstract Path path();

    /** The settings that replace those of the file. */
    final List<String> overrides() {
        return overrides;
    }

    /**
     * The command line for model cards and provenance: the command, the path of the configuration and all overridden
     * settings, quoted for a shell.
     *
     * @param command words of the command, e.g. {@code preferences train}
     */
    public String commandLine(String command) {
        StringBuilder line = new StringBuilder("./encore " + command + " " + Machine.quoted(path().toString()));
        overrides.forEach(override -> line.append(" --set ").append(Machine.quoted(override)));
        return line.toString();
    }

    /** Reads the configuration; a file that does not exist is searched in the directory of Encore. */
    public <T extends Record> T read(Class<T> type) {
        return new ConfigReader().read(Machine.locate(path()), overrides, type);
    }

    /** The options of a command that needs a configuration. */
    public static final class RequiredConfig extends ConfigOptions {
        @Parameters(paramLabel = "CONFIG", description = "The configuration, a YAML file.")
        private Path config;

        @Override
        public Path path() {
            return config;
        }
    }

    /**
     * The arguments of every command that starts a run from a configuration.
     *
     * <p>A run that is resumed has its configuration already: then CONFIG may be left out.
     */
    public static final class RunOptions extends ConfigOptions {
        @Parameters(
                arity = "0..1",
                paramLabel = "CONFIG",
                description = "The configuration, a YAML file; with --resume that of the run, unless given.")
        private Path config;

        @Option(
                names = "--run-dir",
                paramLabel = "DIR",
                description = "Where the run writes (default: runs/<name of the configuration>-<number>).")
        private Path runDirectory;

        @Option(
                names = "--resume",
                paramLabel = "DIR",
                description = "Resume the run in DIR from its last checkpoint. A longer run, e.g. --set iterations=200,"
                        + " goes on where it ended.")
        private Path resumed;

        @Spec(Spec.Target.MIXEE)
        private CommandSpec command;

        /** The configuration: that of the command line, or of the run that is resumed. */
        @Override
        public Path path() {
            if (config != null) {
                return config;
            }
            if (resumed == null) {
                throw new ParameterException(command.commandLine(), "Missing required parameter: 'CONFIG'");
            }
            return RunDirectory.open(resumed).config();
        }

        @Override
        public <T extends Record> T read(Class<T> type) {
            return config == null ? new ConfigReader().readResolved(path(), overrides(), type) : super.read(type);
        }

        /** The configuration itself. */
        public ConfigOptions config() {
            return this;
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
            String name = String.valueOf(path().getFileName()).replaceFirst("\\.ya?ml$", "");
            return new RunSession.Place(
                    Optional.ofNullable(runDirectory),
                    Optional.ofNullable(resumed),
                    name,
                    commandLine(command),
                    directory -> "./encore " + command + " --resume " + Machine.quoted(directory.toString()));
        }
    }
}
