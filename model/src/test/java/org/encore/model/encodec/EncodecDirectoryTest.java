package org.encore.model.encodec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.TinyModels;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsFile;
import org.encore.model.weights.SafetensorsWriter;
import org.encore.music.audio.Waveform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Codecs in files: three spellings of the weights, two layouts, and what is refused. */
class EncodecDirectoryTest {
    private static final String KINDS = "org.encore.model.encodec.TinyCodecs#all";
    private static final EncodecConfig CONFIG =
            TinyCodecs.all().findFirst().orElseThrow().config();

    @TempDir
    private Path directory;

    private static ObjectNode json(EncodecConfig c) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("model_type", "encodec")
                .put("sampling_rate", c.sampleRate())
                .put("audio_channels", c.channels())
                .put("hidden_size", c.hidden())
                .put("num_filters", c.filters())
                .put("num_residual_layers", c.residualLayers())
                .put("kernel_size", c.kernels().first())
                .put("last_kernel_size", c.kernels().last())
                .put("residual_kernel_size", c.kernels().residual())
                .put("dilation_growth_rate", c.dilationGrowth())
                .put("use_causal_conv", c.causal())
                .put("pad_mode", c.padMode().name().toLowerCase(Locale.ROOT))
                .put("compress", c.compress())
                .put("num_lstm_layers", c.lstmLayers())
                .put("trim_right_ratio", c.trimRightRatio())
                .put("use_conv_shortcut", c.convShortcut())
                .put("codebook_size", c.codebookSize());
        c.ratios().forEach(root.putArray("upsampling_ratios")::add);
        double frameRate = Math.ceil(c.framesPerSecond());
        root.putArray("target_bandwidths").add(0.1).add(c.codebooks() * frameRate * 10 / 1000 + 1e-9);
        return root;
    }

    private static void write(Map<String, TinyCodecs.Tensor> tensors, Path file) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter(SafetensorsWriter.Format.F32);
        tensors.forEach((name, tensor) -> writer.add(name, tensor.shape(), tensor::values));
        writer.write(file);
    }

    private static Map<String, TinyCodecs.Tensor> renamed(
            Map<String, TinyCodecs.Tensor> tensors, String regex, String replacement) {
        Map<String, TinyCodecs.Tensor> result = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> result.put(name.replaceAll(regex, replacement), tensor));
        return result;
    }

    private float[] weights(Kernels kernels) throws IOException {
        return kernels.readFloats(
                EncodecModel.load(directory, kernels).parameters().flat());
    }

    @ParameterizedTest
    @MethodSource(KINDS)
    void aDirectoryOfItsOwnGivesTheSameModel(TinyCodecs.Kind kind) throws IOException {
        EncodecConfig c = kind.config();
        Map<String, TinyCodecs.Tensor> tensors = TinyCodecs.checkpoint(c, 5);
        Files.writeString(directory.resolve("config.json"), json(c).toString());
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            float[] expected = kernels.readFloats(
                    TinyCodecs.model(kernels, c, tensors).parameters().flat());
            write(tensors, directory.resolve("model.safetensors"));
            assertEquals(c, EncodecModel.load(directory, kernels).config());
            assertTrue(EncodecModel.isAlone(directory));
            assertArrayEquals(expected, weights(kernels));
            Map<String, TinyCodecs.Tensor> newer = renamed(tensors, "weight_g$", "parametrizations.weight.original0");
            newer = renamed(newer, "weight_v$", "parametrizations.weight.original1");
            write(newer, directory.resolve("model.safetensors"));
            assertArrayEquals(expected, weights(kernels));
        }
    }

    /** Weights without norm are taken as they are. */
    @Test
    void weightsMayBeFoldedAlready() throws IOException {
        Map<String, TinyCodecs.Tensor> tensors = TinyCodecs.checkpoint(CONFIG, 5);
        Files.writeString(directory.resolve("config.json"), json(CONFIG).toString());
        Map<String, TinyCodecs.Tensor> folded = new LinkedHashMap<>();
        renamed(tensors, "weight_v$", "weight").forEach((name, tensor) -> {
            if (!name.endsWith("weight_g")) {
                folded.put(name, tensor);
            }
        });
        write(folded, directory.resolve("model.safetensors"));
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            EncodecModel model = EncodecModel.load(directory, kernels);
            // [out, in, taps] becomes [out, taps · in]; the sound has one channel.
            float[] first = tensors.get("encoder.layers.0.conv.weight_v").values();
            assertArrayEquals(first, kernels.readFloats(model.parameters().get("encoder.layers.0.conv.weight")));
        }
    }

    /** What an audiocraft state dict does not tell is as {@link AudiocraftLayout} says, unless a config.json says otherwise. */
    @Test
    void sizesOfAnAudiocraftModelAreReadOffItsTensors() throws IOException {
        Map<String, TinyCodecs.Tensor> tensors = new LinkedHashMap<>();
        TinyCodecs.checkpoint(CONFIG, 5).forEach((name, tensor) -> {
            String inner = name.matches("decoder\\.layers\\.(3|6|9)\\.conv\\..*") ? ".convtr.convtr." : ".conv.conv.";
            tensors.put(
                    "model."
                            + name.replace("coder.layers.", "coder.model.")
                                    .replace(".conv.", inner)
                                    .replaceFirst(
                                            "^quantizer\\.layers\\.(\\d+)\\.codebook",
                                            "quantizer.vq.layers.$1._codebook"),
                    tensor);
        });
        write(tensors, directory.resolve("encodec.safetensors"));
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            EncodecConfig found = EncodecModel.load(directory, kernels).config();
            assertEquals(CONFIG.ratios(), found.ratios());
            assertEquals(32_000, found.sampleRate());
            assertEquals(
                    List.of(6, 4, 1, 2, 3, 16),
                    List.of(
                            found.hidden(),
                            found.filters(),
                            found.residualLayers(),
                            found.lstmLayers(),
                            found.codebooks(),
                            found.codebookSize()));
            assertArrayEquals(
                    kernels.readFloats(TinyCodecs.model(kernels, CONFIG, TinyCodecs.checkpoint(CONFIG, 5))
                            .parameters()
                            .flat()),
                    weights(kernels));
            Files.writeString(
                    directory.resolve("config.json"),
                    json(CONFIG).put("pad_mode", "constant").toString());
            assertEquals(
                    EncodecConfig.PadMode.CONSTANT,
                    EncodecModel.load(directory, kernels).config().padMode());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "norm_type | \"time_group_norm\" | norm_type is \"time_group_norm\", but must be \"weight_norm\": EnCodec at 48 kHz cuts sound into chunks and scales each, and no code tells the scale, so no model of codes can use it; take EnCodec at 24 or 32 kHz",
                "normalize | true | normalize is \"true\", but must be \"false\": EnCodec at 48 kHz cuts sound into chunks and scales each, and no code tells the scale, so no model of codes can use it; take EnCodec at 24 or 32 kHz",
                "chunk_length_s | 1.0 | chunk_length_s is \"1.0\", but must be \"null\": EnCodec at 48 kHz cuts sound into chunks and scales each, and no code tells the scale, so no model of codes can use it; take EnCodec at 24 or 32 kHz",
                "pad_mode | \"circular\" | pad_mode is \"circular\", but must be \"reflect\", \"constant\" or \"replicate\"",
                "codebook_dim | 64 | codebook_dim is 64, but must be hidden_size, which is 6",
                "upsampling_ratios | [4, 0] | upsampling_ratios is [4,0], but must be a list of positive integers",
                "num_filters | \"4\" | num_filters is \"4\", but must be an integer",
                "num_lstm_layers | 0 | num_lstm_layers is 0, but must be at least 1",
                "use_causal_conv | 1 | use_causal_conv is 1, but must be true or false",
                "trim_right_ratio | 0.5 | trim_right_ratio is 0.5, but must be 1 unless use_causal_conv is true",
                "target_bandwidths | [] | target_bandwidths is [], but must be a list of numbers",
                "target_bandwidths | [0.1] | target_bandwidths is [0.1], but must end with that of 1 to 1024 codes of 10 bits a frame",
                "model_type | \"dac\" | model_type is \"dac\", but must be \"encodec\": nothing else can be computed here"
            })
    void whatIsNotSupportedIsOneLine(String key, String value, String problem) throws IOException {
        ObjectNode json = json(CONFIG);
        json.set(key, new ObjectMapper().readTree(value));
        Path file = directory.resolve("config.json");
        Files.writeString(file, json.toString());
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> EncodecConfigFile.read(file));
        assertEquals(file + ": " + problem, e.getMessage());
        Files.writeString(
                file,
                new ObjectMapper().createObjectNode().set("audio_encoder", json).toString());
        e = assertThrows(InvalidFileException.class, () -> EncodecConfigFile.read(file));
        assertEquals(file + ": audio_encoder." + problem, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing | decoder.layers.3.conv.weight_v | tensor decoder.layers.3.conv.weight_v is missing",
                "shape | decoder.layers.1.lstm.weight_hh_l1 | tensor decoder.layers.1.lstm.weight_hh_l1 has shape [1], but the codec's configuration asks for [128, 32]",
                "NaN | encoder.layers.0.conv.bias | tensor encoder.layers.0.conv.bias holds a value that is not finite",
                "zero | encoder.layers.0.conv.weight_v | tensor encoder.layers.0.conv.weight_v is zero in row 0, which weight norm divides by its norm"
            })
    void damagedWeightsAreOneLine(String damage, String name, String problem) throws IOException {
        Map<String, TinyCodecs.Tensor> tensors = TinyCodecs.checkpoint(CONFIG, 5);
        float[] values = tensors.get(name).values().clone();
        switch (damage) {
            case "missing" -> tensors.remove(name);
            case "shape" -> tensors.put(name, new TinyCodecs.Tensor(List.of(1), new float[1]));
            case "NaN" -> {
                values[1] = Float.NaN;
                tensors.put(name, new TinyCodecs.Tensor(tensors.get(name).shape(), values));
            }
            default -> tensors.put(name, new TinyCodecs.Tensor(tensors.get(name).shape(), new float[values.length]));
        }
        Files.writeString(directory.resolve("config.json"), json(CONFIG).toString());
        Path file = directory.resolve("model.safetensors");
        write(tensors, file);
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            InvalidFileException e =
                    assertThrows(InvalidFileException.class, () -> EncodecModel.load(directory, kernels));
            assertEquals(file + ": " + problem, e.getMessage());
        }
    }

    /** A checkpoint with a decoder and its codec in one file, as MusicGen's; here without text. */
    private void writeCheckpoint(int codebooks, Consumer<ObjectNode> edit) throws IOException {
        DecoderConfig decoder = new DecoderConfig(16, codebooks, 8, 12, 1, 2, 24, Activation.GELU);
        Path file = directory.resolve(ModelDirectory.WEIGHTS);
        Map<String, TinyCodecs.Tensor> all = new LinkedHashMap<>();
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            ModelDirectory.save(TinyModels.random(kernels, ModelConfig.withoutText(decoder, Head.CODES), 3), directory);
        }
        try (SafetensorsFile saved = SafetensorsFile.open(file)) {
            for (String name : saved.names()) {
                all.put(name, new TinyCodecs.Tensor(saved.entry(name).shape(), saved.floats(name)));
            }
        }
        TinyCodecs.checkpoint(CONFIG, 5).forEach((name, tensor) -> all.put("audio_encoder." + name, tensor));
        write(all, file);
        Path config = directory.resolve(ModelDirectory.CONFIG);
        ObjectNode root = (ObjectNode) new ObjectMapper().readTree(config.toFile());
        root.set("audio_encoder", json(CONFIG));
        edit.accept(root);
        Files.writeString(config, root.toString());
    }

    /** The published {@code config.json} of EnCodec at 24 kHz: 32 codebooks of 75 frames a second, causal. */
    @Test
    void encodecAt24kHzIsRead() throws IOException {
        Path file = directory.resolve("config.json");
        Files.writeString(
                file,
                """
                {"model_type": "encodec", "audio_channels": 1, "chunk_length_s": null, "codebook_dim": 128, "codebook_size": 1024,
                 "compress": 2, "dilation_growth_rate": 2, "hidden_size": 128, "kernel_size": 7, "last_kernel_size": 7,
                 "norm_type": "weight_norm", "normalize": false, "num_filters": 32, "num_lstm_layers": 2,
                 "num_residual_layers": 1, "overlap": null, "pad_mode": "reflect", "residual_kernel_size": 3,
                 "sampling_rate": 24000, "target_bandwidths": [1.5, 3.0, 6.0, 12.0, 24.0], "trim_right_ratio": 1.0,
                 "upsampling_ratios": [8, 5, 4, 2], "use_causal_conv": true, "use_conv_shortcut": true}
                """);
        EncodecConfig config = EncodecConfigFile.read(file).config();
        assertEquals(
                new EncodecConfig(
                        24_000,
                        1,
                        128,
                        32,
                        1,
                        List.of(8, 5, 4, 2),
                        new EncodecConfig.KernelWidths(7, 7, 3),
                        2,
                        true,
                        EncodecConfig.PadMode.REFLECT,
                        2,
                        2,
                        1.0,
                        true,
                        32,
                        1024),
                config);
        assertEquals(75, config.framesPerSecond(), 0.0);
        // What is written is read again.
        Files.writeString(file, EncodecConfigFile.json(config).toString());
        assertEquals(config, EncodecConfigFile.read(file).config());
        assertEquals(2.2, EncodecConfig.musicGen().bandwidth(), 1e-12);
    }

    /** A model of a lower bandwidth: its sound is that of the first codebooks, and its codes are the first of all. */
    @Test
    void aModelMayHaveFewerCodebooksThanItsCodec() throws IOException {
        writeCheckpoint(2, root -> {});
        Waveform sound = new Waveform(new float[24 * 5], 16_000);
        for (int i = 0; i < sound.samples().length; i++) {
            sound.samples()[i] = (float) Math.sin(0.3 * i);
        }
        try (Shards shards = new Shards(1, 1, () -> new PortableKernels(Precision.SINGLE));
                PretrainedModel model = PretrainedModel.open(directory, shards);
                EncodecCodec whole =
                        new EncodecCodec(EncodecModel.load(directory, shards.kernels(0)), shards.others(), 1)) {
            int[][] all = whole.encode(sound);
            int[][] two = model.codec().encoder().orElseThrow().encode(sound);
            assertEquals(3, all.length);
            assertArrayEquals(Arrays.copyOf(all, 2), two);
            assertEquals(2, model.codec().codebooks());
            // A third codebook of zeros adds nothing.
            EncodecModel silent = EncodecModel.load(directory, shards.kernels(0));
            shards.kernels(0).fill(silent.parameters().get(EncodecParameters.codebook(2)), 0.0);
            try (EncodecCodec reference = new EncodecCodec(silent, shards.others(), 1)) {
                assertArrayEquals(
                        reference.decode(all).waveform().samples(),
                        model.codec().decode(two).waveform().samples());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 1", "6, 2", "1, 1"})
    void anOpenedCheckpointHandsOutItsCodec(int codebooks, int channels) throws IOException {
        writeCheckpoint(codebooks, root -> {});
        List<Waveform> sounds = new ArrayList<>();
        try (Shards shards = new Shards(1, 1, () -> new PortableKernels(Precision.SINGLE));
                PretrainedModel model = PretrainedModel.open(directory, shards)) {
            assertEquals("encodec", model.checkpoint().codec());
            assertEquals(codebooks, model.codec().codebooks());
            RandomStreams streams = new RandomStreams(7);
            try (ParallelGenerator generator = model.generator(SamplingSettings.defaults(), 1, 9)) {
                generator
                        .generate(List.of("", ""), i -> streams.stream(Purpose.SAMPLING, i))
                        .forEach(completion -> sounds.add(
                                model.codec().decode(completion.codes()).waveform()));
            }
        }
        assertEquals(2, sounds.size());
        for (Waveform sound : sounds) {
            assertEquals(channels, sound.channels());
            assertEquals(9 * 24, sound.samples().length);
            assertEquals(16_000, sound.sampleRate());
        }
    }

    @Test
    void aCheckpointWhoseCodecHasOtherSizesIsRefusedBeforeItIsLoaded() throws IOException {
        writeCheckpoint(5, root -> {});
        try (Shards shards = new Shards(1, 1, () -> new PortableKernels(Precision.SINGLE))) {
            InvalidFileException e =
                    assertThrows(InvalidFileException.class, () -> PretrainedModel.open(directory, shards));
            assertEquals(
                    directory + ": the model generates 5 codebooks of 16 codes, but its config.json names the codec"
                            + " encodec (3 codebooks of 16 codes)",
                    e.getMessage());
        }
    }
}
