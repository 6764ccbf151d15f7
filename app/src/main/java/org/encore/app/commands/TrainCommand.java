package org.encore.app.commands;

import java.util.concurrent.Callable;
import org.encore.app.terminal.Results;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Fine-tunes a checkpoint by reinforcement learning. */
@Command(name = "train", description = "Fine-tunes a checkpoint by reinforcement learning.")
public final class TrainCommand implements Callable<Integer> {
    @Mixin
    private RunOptions run;

    @Mixin
    private Results results;

    @Override
    public Integer call() {
        results.remark("train is not wired yet");
        throw new UnsupportedOperationException("train " + run.config() + " cannot run yet");
    }
}
