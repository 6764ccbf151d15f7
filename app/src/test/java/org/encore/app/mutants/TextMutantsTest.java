package org.encore.app.mutants;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.encore.app.Encore;
import org.encore.app.Invocation;
import org.encore.app.commands.TinyWorld;
import org.encore.app.config.ConfigReader;
import org.encore.app.runs.Machine;
import org.encore.model.encodec.EncodecConfigFile;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.model.text.TextTokenizer;
import org.encore.model.weights.WeightFiles;
import org.encore.music.corpus.PromptCorpus;
import org.encore.preferences.VoteFilter;
import org.encore.preferences.comparisons.VoteFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mutants of files of text: configurations, descriptions of models, votes, ratings, prompts. */
class TextMutantsTest {
    private static final List<String> VOTES = List.of(
            "{\"prompt\":\"a slow waltz\",\"a\":\"clips/1.mid\",\"b\":\"clips/2.mid\",\"preferred\":\"b\",\"rater\":\"r1\","
                    + "\"listened_a_s\":12.5,\"listened_b_ms\":20.0,\"time\":\"2026-01-31T12:00:00Z\",\"ballot\":\"x1\"}",
            "{\"prompt\":\"a march\",\"a\":\"clips/1.mid\",\"b\":\"clips/3.mid\",\"rating_a\":3,\"rating_b\":4.5,\"rater\":\"r2\","
                    + "\"system_a\":\"one\",\"system_b\":\"two\"}",
            "{\"preference\":\"A\",\"prompt\":\"p\",\"audio_a\":\"1.mp3\",\"audio_b\":\"2.mp3\",\"system_a\":\"s\",\"system_b\":\"t\","
                    + "\"user_pseudonym\":\"u\",\"battle_uuid\":\"y\",\"timestamp\":1769860800.5,\"total_listening_time_a\":3.5}",
            "{\"vote\":{\"preference\":\"B\",\"preference_time\":1769860800.5,\"a_listen_data\":[[\"PLAY\",1.0],[\"PAUSE\",4.5]]},"
                    + "\"uuid\":\"z\",\"prompt\":{\"prompt\":\"q\"},\"a_audio_url\":\"http://x/a.mp3?q\",\"b_audio_url\":\"b.mp3\","
                    + "\"a_metadata\":{\"system_key\":{\"system_tag\":\"s\"}},\"b_metadata\":{\"system_key\":{\"system_tag\":\"t\"}},"
                    + "\"vote_user\":{\"salted_ip\":\"h\"}}",
            "{\"prompt\":\"p\",\"system\":\"s\",\"rating\":4,\"rater\":\"r\",\"clip\":\"c.wav\"}",
            "{\"prompt\":\"p\",\"system\":\"t\",\"rating\":2,\"rater\":\"r\"}");
    private static final List<String> RATINGS = List.of(
            "{\"caption\":\"slow\",\"system\":\"one\",\"CE\":[1,2.5,3]}",
            "{\"caption\":\"slow\",\"system\":\"two\",\"CE\":[4,4,5]}",
            "{\"caption\":\"fast\",\"system\":\"one\",\"CE\":[2]}");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "quickstart, train",
        "musicrl, train",
        "musicrl-r-small, train",
        "pretrain-small, pretrain",
        "pretrain-midi, pretrain",
        "listening, serve",
        "rewards/adherence, rewards-train",
        "rewards/quality, rewards-train",
        "preferences/network-small, preferences-train",
        "preferences/judges-small, preferences-train",
        "preferences/simulate-small, preferences-simulate"
    })
    void configurations(String name, String command) throws IOException {
        String original = Files.readString(Invocation.home().resolve("configs/" + name + ".yaml"));
        Class<? extends Record> type = Encore.configurations().get(command);
        Path file = directory.resolve("config.yaml");
        Files.writeString(directory.resolve("x.yaml"), original);
        Mutants.tryAll(
                directory,
                "yaml of " + name,
                80,
                random -> Files.write(file, new TextMutator(random).yaml(original)),
                () -> new ConfigReader().read(file, List.of(), type));
    }

    @ParameterizedTest
    @CsvSource({"config.json, 400", "tokenizer.json, 300", "model.safetensors, 150"})
    void checkpoints(String name, int count) throws IOException {
        Path copy = Mutants.copy(TinyWorld.base(), directory.resolve("model"));
        byte[] original = Files.readAllBytes(copy.resolve(name));
        try (Shards shards = Machine.shards(1)) {
            Mutants.tryAll(
                    directory,
                    "checkpoint's " + name,
                    count,
                    random -> Files.write(
                            copy.resolve(name),
                            name.endsWith(".json")
                                    ? new TextMutator(random).json(new String(original, StandardCharsets.UTF_8))
                                    : new BinaryMutator(random).safetensors(original)),
                    () -> {
                        if (name.startsWith("tokenizer")) {
                            try (TextTokenizer tokenizer = TextTokenizer.load(copy, 16)) {
                                tokenizer.batch(List.of("a slow waltz", "étude ☃"));
                                tokenizer.unknownWords("a slow waltz");
                            }
                        } else {
                            PretrainedModel.open(CheckpointInfo.of(copy), shards)
                                    .close();
                        }
                    });
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "ENCORE_SHARED", matches = ".+")
    void musicGen() throws IOException {
        Path golden = Path.of(System.getenv("ENCORE_SHARED")).resolve("data/golden/hf_musicgen_tiny");
        String original = Files.readString(golden.resolve("config.json"));
        Path file = directory.resolve("config.json");
        Mutants.tryAll(
                directory,
                "MusicGen's config.json",
                120,
                random -> Files.write(file, new TextMutator(random).json(original)),
                () -> {
                    CheckpointInfo.of(directory);
                    if (EncodecModel.isIn(directory)) {
                        EncodecConfigFile.read(file).config();
                    }
                });
    }

    @Test
    void indexOfShards() throws IOException {
        Path model = directory.resolve("model");
        Mutants.copy(TinyWorld.base(), model);
        Files.move(model.resolve("model.safetensors"), model.resolve("model-1.safetensors"));
        StringBuilder map = new StringBuilder();
        try (WeightFiles weights = WeightFiles.ofFile(model.resolve("model-1.safetensors"))) {
            weights.names().forEach(tensor -> map.append(map.isEmpty() ? "" : ",")
                    .append("\"" + tensor + "\":\"model-1.safetensors\""));
        }
        String original = "{\"metadata\":{\"total_size\":100},\"weight_map\":{" + map + "}}";
        Mutants.tryAll(
                directory,
                "index",
                60,
                random -> Files.write(model.resolve(WeightFiles.INDEX), new TextMutator(random).json(original)),
                () -> WeightFiles.open(model).close());
    }

    @Test
    void votes() throws IOException {
        Path file = directory.resolve("votes.jsonl");
        Mutants.tryAll(
                directory,
                "votes",
                1500,
                random -> Files.write(file, new TextMutator(random).jsonLines(VOTES)),
                () -> VoteFiles.read(file, VoteFilter.none()));
    }

    @Test
    void ratings() throws IOException {
        Path file = directory.resolve("ratings.jsonl");
        Mutants.tryAll(
                directory,
                "ratings",
                1500,
                random -> Files.write(file, new TextMutator(random).jsonLines(RATINGS)),
                () -> {
                    VoteFiles.holdsRatings(file);
                    VoteFiles.readRatings(file, "CE").votes();
                });
    }

    @Test
    void tablesOfPrompts() throws IOException {
        Path file = directory.resolve("prompts.csv");
        List<String> lines = List.of("prompt,extra", "a slow waltz,1", "\"a march, fast\",2", "piano,3", "blues,4");
        Mutants.tryAll(
                directory,
                "csv",
                1500,
                random -> Files.write(file, new TextMutator(random).table(lines)),
                () -> new PromptCorpus(file, new PromptCorpus.Settings(1, 30, Optional.empty())));
    }
}
