package org.encore.app.commands;

import picocli.CommandLine.Command;

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
public final class PreferencesCommand extends CommandGroup {}
