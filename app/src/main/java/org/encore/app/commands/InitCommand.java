package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.InvalidFileException;
import org.encore.model.pretrained.RandomMusicGen;
import org.encore.model.pretrained.RandomMusicGen.Size;
import org.encore.model.weights.SafetensorsWriter.Format;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes checkpoints with random weights. */
@Command(
        name = "init",
        description = "Writes checkpoints with random weights, for measuring and trying.",
        subcommands = InitCommand.MusicGenCommand.class)
public final class InitCommand extends CommandGroup {
    /** A MusicGen checkpoint. */
    @Command(
            name = "musicgen",
            description = {
                "Writes a MusicGen directory with random weights, in the layout of the published ones.",
                "It is for measuring and trying: there is no music in it, and its tokenizer knows a few words alone."
            })
    public static final class MusicGenCommand implements Callable<Integer> {
        private static final int MAX_LAYERS = 48;
        private static final double MILLION = 1e6;

        @Parameters(paramLabel = "DIRECTORY", description = "The new directory.")
        private Path target;

        @Option(
                names = "--size",
                paramLabel = "SIZE",
                defaultValue = "small",
                description = "The published small, medium or large, or tiny for tests.")
        private Size size;

        @Option(
                names = "--layers",
                paramLabel = "N",
                showDefaultValue = Help.Visibility.NEVER,
                description = "Blocks of the decoder, from 1 to 48 (default: as published).")
        private Optional<Integer> layers = Optional.empty();

        @Option(
                names = "--dtype",
                paramLabel = "TYPE",
                defaultValue = "float32",
                description = "Number format of the weights: float32, float16 or bfloat16.")
        private Dtype dtype;

        @Option(names = "--stereo", description = "Two channels: twice the codebooks.")
        private boolean stereo;

        @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Same seed, same weights.")
        private long seed;

        @Mixin
        private Results results;

        /** Formats by their name in {@code torch_dtype}. */
        enum Dtype {
            FLOAT32(Format.F32),
            FLOAT16(Format.F16),
            BFLOAT16(Format.BF16);

            private final Format format;

            Dtype(Format format) {
                this.format = format;
            }
        }

        @Override
        public Integer call() throws IOException {
            int blocks = layers.orElse(size.layers());
            if (blocks < 1 || blocks > MAX_LAYERS) {
                throw new IllegalArgumentException(
                        "--layers is " + blocks + ", but must lie in [1, " + MAX_LAYERS + "]");
            }
            if (Files.exists(target)) {
                throw new InvalidFileException(target, "exists already; name a new directory");
            }
            RandomMusicGen model =
                    new RandomMusicGen(size.config(blocks, stereo ? 2 : 1), size.codec(), dtype.format, seed);
            long parameters = model.parameters();
            try (TerminalProgress progress = new TerminalProgress()) {
                model.write(target, written -> progress.step("weights", written, parameters, ""));
            }
            report(parameters);
            return ExitStatus.OK;
        }

        private void report(long parameters) throws IOException {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("model", target.toString());
            facts.put("parameters", parameters);
            facts.put("bytes", Files.size(target.resolve("model.safetensors")));
            String large = parameters > Integer.MAX_VALUE
                    ? "; Encore opens models of up to 2^31 parameters, so not this one"
                    : "";
            results.print(
                    facts,
                    String.format(
                            Locale.ROOT,
                            "wrote %s: %.1f million numbers, random; for measuring and trying, with no music in it%s",
                            target,
                            parameters / MILLION,
                            large));
        }
    }
}
