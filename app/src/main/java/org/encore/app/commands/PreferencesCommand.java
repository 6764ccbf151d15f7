package org.encore.app.commands;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything about judgements of listeners: the list of the commands below it. */
@Command(
        name = "preferences",
        description = "Keeps, reads and learns from what listeners prefer.",
        subcommands = {
            ImportCommand.class,
            ExportCommand.class,
            AgreementCommand.class,
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
