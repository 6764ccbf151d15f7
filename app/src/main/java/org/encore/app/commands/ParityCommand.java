package org.encore.app.commands;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.encore.app.terminal.Results;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares a model with values that another implementation computed from the same weights. */
@Command(
        name = "parity",
        description = "Compares a model with values that another implementation computed from the same weights.")
public final class ParityCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL_DIR", description = "The model, in the Hugging Face layout.")
    private Path model;

    @Option(names = "--golden", paramLabel = "FILE", required = true, description = "Inputs and expected values.")
    private Path golden;

    @Option(names = "--gradients", paramLabel = "FILE", description = "Expected gradients of all parameters.")
    private Path gradients;

    @Mixin
    private Results results;

    @Override
    public Integer call() {
        results.remark(golden + " " + gradients);
        throw new UnsupportedOperationException("parity " + model + " cannot run yet");
    }
}
