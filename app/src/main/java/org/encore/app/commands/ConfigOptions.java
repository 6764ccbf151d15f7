package org.encore.app.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.encore.app.config.ConfigReader;
import org.encore.app.runs.Machine;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The configuration of every command that reads one, with the settings that replace parts of it. */
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
     * What the user typed, for model cards and provenance: the command with the configuration's path and every replaced setting,
     * quoted for a shell where that is needed.
     *
     * @param command its words, e.g. {@code preferences train}
     */
    public String commandLine(String command) {
        StringBuilder line = new StringBuilder("./encore " + command + " " + quoted(config.toString()));
        overrides.forEach(override -> line.append(" --set ").append(quoted(override)));
        return line.toString();
    }

    private static String quoted(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** Reads it; a file that is not here is looked for below Encore's own directory. */
    public <T extends Record> T read(Class<T> type) {
        return new ConfigReader().read(Machine.locate(config), overrides, type);
    }
}
