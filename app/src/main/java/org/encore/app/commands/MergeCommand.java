package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.AdapterFiles;
import org.encore.model.weights.ModelDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Adds LoRA adapters to the weights of their base and writes the whole model. */
@Command(
        name = "merge",
        description = "Adds LoRA adapters to the weights of their base and writes the model, as the base is written.")
public final class MergeCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "ADAPTERS",
            description = "A directory with adapter_config.json, such as a checkpoint of a run with policy.lora.")
    private Path adapters;

    @Parameters(index = "1", paramLabel = "DIRECTORY", description = "The new directory of the model.")
    private Path target;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        Path source = Machine.locate(adapters);
        if (!AdapterFiles.isAdapter(source)) {
            throw new InvalidFileException(
                    source, "holds no adapters (" + AdapterFiles.CONFIG + "), so there is nothing to merge");
        }
        if (Files.exists(target)) {
            throw new InvalidFileException(target, "exists already; name a new directory");
        }
        CheckpointInfo checkpoint = CheckpointInfo.of(source);
        try (Kernels kernels = Machine.kernels().open();
                TextTokenizer tokenizer = checkpoint.tokenizer()) {
            MusicTransformer model = checkpoint.load(kernels);
            AtomicFiles.writeDirectory(target, directory -> {
                ModelDirectory.saveAs(model, checkpoint.base(), directory);
                tokenizer.copyTo(directory);
            });
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", target.toString());
        facts.put("base", checkpoint.base().toString());
        facts.put("adapters", source.toString());
        results.print(facts, "wrote " + target + ": " + checkpoint.base() + " with the adapters of " + source);
        return ExitStatus.OK;
    }
}
