package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels;
import org.encore.model.pretrained.AudiocraftConversion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a MusicGen directory in the Hugging Face layout of audiocraft's state dicts. */
@Command(
        name = "convert",
        description = "Makes a MusicGen directory in the Hugging Face layout of audiocraft's state dicts.")
public final class ConvertCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "AUDIOCRAFT",
            description = "A directory with lm.safetensors and, without --codec, encodec.safetensors.")
    private Path source;

    @Parameters(index = "1", paramLabel = "DIRECTORY", description = "The new directory of the model.")
    private Path target;

    @Option(
            names = "--text-encoder",
            paramLabel = "DIR",
            required = true,
            description = "A T5 with its tokenizer, such as t5-base, or a MusicGen directory that has it.")
    private Path text;

    @Option(
            names = "--codec",
            paramLabel = "DIR",
            description = "An EnCodec in the Hugging Face layout, such as encodec_32khz.")
    private Path codec;

    @Option(
            names = "--heads",
            paramLabel = "N",
            description =
                    "Attention heads of the decoder; heads of width 64 if not given, as all published models have.")
    private Integer heads;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        if (Files.exists(target)) {
            throw new InvalidFileException(target, "exists already; name a new directory");
        }
        Path directory = Machine.locate(source);
        AudiocraftConversion conversion = new AudiocraftConversion(
                directory,
                codec == null ? directory : Machine.locate(codec),
                Machine.locate(text),
                heads == null ? OptionalInt.empty() : OptionalInt.of(heads));
        try (Kernels kernels = Machine.kernels().open()) {
            conversion.write(target, kernels);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", target.toString());
        facts.put("audiocraft", directory.toString());
        facts.put("text_encoder", text.toString());
        results.print(facts, "wrote " + target + ": " + directory + " with the text encoder of " + text);
        return ExitStatus.OK;
    }
}
