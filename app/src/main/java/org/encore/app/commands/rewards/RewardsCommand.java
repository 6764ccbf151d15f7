package org.encore.app.commands.rewards;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Everything about learned rewards: the list of the commands below it. */
@Command(
        name = "rewards",
        description = "Trains learned rewards, scores files with them, measures them.",
        subcommands = {
            RewardTrainCommand.class,
            RewardScoreCommand.class,
            RewardEvaluateCommand.class,
            RewardBenchCommand.class
        })
public final class RewardsCommand implements Runnable {
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
