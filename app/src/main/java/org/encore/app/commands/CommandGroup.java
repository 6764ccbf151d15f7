package org.encore.app.commands;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does nothing but hold others; without one of them it says which there are. */
abstract class CommandGroup implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public final void run() {
        throw new ParameterException(
                command.commandLine(),
                "Missing required subcommand: "
                        + String.join(", ", command.subcommands().keySet()));
    }
}
