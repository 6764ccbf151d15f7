package org.encore.app.commands;

import java.util.concurrent.Callable;
import org.encore.app.terminal.Results;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains a music transformer from scratch on captioned pieces. */
@Command(name = "pretrain", description = "Trains a music transformer from scratch on captioned pieces.")
public final class PretrainCommand implements Callable<Integer> {
    @Mixin
    private RunOptions run;

    @Mixin
    private Results results;

    @Override
    public Integer call() {
        results.remark("pretrain is not wired yet");
        throw new UnsupportedOperationException("pretrain " + run.config() + " cannot run yet");
    }
}
