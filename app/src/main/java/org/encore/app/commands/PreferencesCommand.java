package org.encore.app.commands;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands on votes of listeners. */
@Command(
        name = "preferences",
        description = "Collects, analyses and learns from votes of listeners.",
        subcommands = {
            ImportCommand.class,
            ExportCommand.class,
            AgreementCommand.class,
            SplitCommand.class,
            SimulateCommand.class,
            PreferenceTrainCommand.class,
            AblateCommand.class,
            AccuracyCommand.class,
            ServeCommand.class
        })
public final class PreferencesCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(
                command.commandLine(),
                "Missing required subcommand: "
                        + String.join(", ", command.subcommands().keySet()));
    }
}
