package org.encore.app.mutants;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.encore.app.Invocation;
import org.encore.app.commands.TinyWorld;
import org.encore.app.runs.Machine;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.AdapterFiles;
import org.encore.model.weights.ModelDirectory;
import org.encore.rewards.preference.PreferenceReward;
import org.encore.rewards.specs.RewardKinds;
import org.encore.steering.probes.ProbeDirectory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mutants of what belongs to a model: adapters, learned rewards, preference rewards, probes. */
class ModelMutantsTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"adapter_config.json, 200", "adapter_model.safetensors, 100"})
    void adapters(String name, int count) throws IOException {
        Path base = Mutants.copy(TinyWorld.base(), directory.resolve("base"));
        Path adapters = Files.createDirectory(directory.resolve("adapters"));
        try (Shards shards = Machine.shards(1)) {
            MusicTransformer model = ModelDirectory.load(base, shards.kernels(0));
            MusicTransformer adapted = model.withAdapters(LoraSettings.defaults(), Head.CODES);
            AdapterFiles.save(adapted, base, ModelDirectory.sha256(base), adapters);
            mutants(adapters.resolve(name), count, () -> PretrainedModel.open(CheckpointInfo.of(adapters), shards)
                    .close());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "quality, reward.json, 120",
        "quality, model.safetensors, 60",
        "adherence, reward.json, 120",
        "adherence, model.safetensors, 60"
    })
    void learnedRewards(String reward, String name, int count) throws IOException {
        Path copy = shipped("rewards/" + reward);
        mutants(copy.resolve(name), count, () -> RewardKinds.open("mutant", copy));
    }

    @ParameterizedTest
    @CsvSource({"preference.json, 120", "config.json, 60"})
    void preferences(String name, int count) throws IOException {
        Path copy = shipped("rewards/preference-small");
        mutants(copy.resolve(name), count, () -> PreferenceReward.of("mutant", copy));
    }

    @ParameterizedTest
    @CsvSource({"probes.json, 120", "probes.safetensors, 60"})
    void probes(String name, int count) throws IOException {
        Path copy = shipped("etudes-captions/steering");
        Path model = Invocation.home().resolve("checkpoints/etudes-captions");
        mutants(
                copy.resolve(name),
                count,
                () -> ProbeDirectory.read(
                        copy, CheckpointInfo.of(model).config().decoder()));
    }

    private Path shipped(String path) throws IOException {
        return Mutants.copy(Invocation.home().resolve("checkpoints").resolve(path), directory.resolve("copy"));
    }

    private void mutants(Path file, int count, Mutants.Reader reader) throws IOException {
        byte[] original = Files.readAllBytes(file);
        boolean json = file.toString().endsWith(".json");
        Mutants.tryAll(
                directory,
                file.getFileName().toString(),
                count,
                random -> Files.write(
                        file,
                        json
                                ? new TextMutator(random).json(new String(original, StandardCharsets.UTF_8))
                                : new BinaryMutator(random).safetensors(original)),
                reader);
    }
}
