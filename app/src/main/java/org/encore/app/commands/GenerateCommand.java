package org.encore.app.commands;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.encore.app.terminal.Results;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Plays what a prompt describes, as WAV and MIDI. */
@Command(name = "generate", description = "Plays what a prompt describes, as WAV and MIDI.")
public final class GenerateCommand implements Callable<Integer> {
    @Option(names = "--checkpoint", paramLabel = "DIR", required = true, description = "The model that plays.")
    private Path checkpoint;

    @Option(names = "--prompt", paramLabel = "TEXT", required = true, description = "What it shall play, in words.")
    private String prompt;

    @Option(names = "--count", paramLabel = "N", defaultValue = "1", description = "How many pieces.")
    private int count;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Same seed, same pieces.")
    private long seed;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where the files go.")
    private Path out;

    @Mixin
    private Results results;

    @Override
    public Integer call() {
        results.remark(count + " pieces of " + prompt + " with seed " + seed + " to " + out);
        throw new UnsupportedOperationException("generate --checkpoint " + checkpoint + " cannot run yet");
    }
}
