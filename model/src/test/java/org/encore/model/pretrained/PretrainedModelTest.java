package org.encore.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.WordTokenizer;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.TinyModels;
import org.encore.model.weights.ModelDirectory;
import org.encore.music.codec.SymbolicCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PretrainedModelTest {
    private static final String AVAILABLE =
            ", but only notes (1 codebook of 441 codes), voices (4 codebooks of 48 codes), encodec (described by an"
                    + " audio_encoder) can be decoded here";

    private static final int FRAMES = 20;

    @TempDir
    private Path directory;

    private Shards shards;

    @BeforeEach
    void open() {
        shards = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE));
    }

    @AfterEach
    void close() {
        shards.close();
    }

    private static ModelConfig config(int codebooks, int vocabulary) {
        return ModelConfig.withoutText(
                new DecoderConfig(vocabulary, codebooks, 8, 12, 1, 2, FRAMES + codebooks, Activation.GELU), Head.CODES);
    }

    /** Writes a model of these sizes; {@code config.json} names a codec only if the configuration does. */
    private void save(ModelConfig config) throws IOException {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            ModelDirectory.save(TinyModels.random(kernels, config, 3), directory);
        }
    }

    private void configure(Consumer<ObjectNode> edit) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        Path file = directory.resolve(ModelDirectory.CONFIG);
        ObjectNode config = (ObjectNode) mapper.readTree(file.toFile());
        edit.accept(config);
        Files.writeString(file, config.toString());
    }

    private String refusal() {
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> CheckpointInfo.of(directory));
        assertEquals(directory + ": " + e.problem(), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
        return e.problem();
    }

    @ParameterizedTest
    @ValueSource(strings = {Codecs.NOTES, Codecs.VOICES})
    void aCheckpointWithoutNameIsToldByItsSizes(String name) throws IOException {
        SymbolicCodec codec = Codecs.symbolic(name);
        assertEquals(name, codec.name());
        save(config(codec.codebooks(), codec.cardinality()));
        assertEquals(Optional.empty(), ModelDirectory.config(directory).codec());
        CheckpointInfo checkpoint = CheckpointInfo.of(directory);
        assertEquals(name, checkpoint.codec());
        assertEquals(FRAMES, checkpoint.maxFrames());
        checkpoint.requireCodec(codec, "the corpus");
        try (PretrainedModel model = PretrainedModel.open(directory, shards)) {
            assertEquals(codec.getClass(), model.codec().getClass());
            assertSame(model.codec(), model.symbolicCodec());
        }
    }

    @Test
    void theNameSurvivesTheRoundTripAndIsGivenToOlderCheckpoints() throws IOException {
        save(config(1, 441).withCodec(Codecs.NOTES));
        assertEquals(Optional.of("notes"), ModelDirectory.config(directory).codec());
        configure(config -> assertEquals("notes", config.remove("encore_codec").asText()));
        try (PretrainedModel model = PretrainedModel.open(directory, shards)) {
            ModelDirectory.save(model.replicas().model(), directory);
        }
        assertEquals(Optional.of("notes"), ModelDirectory.config(directory).codec());
    }

    @Test
    void modelsOfOtherCodecsAreRefused() throws IOException {
        save(config(2, 7));
        assertEquals("the model generates 2 codebooks of 7 codes of a codec without name" + AVAILABLE, refusal());
        configure(config -> config.put("encore_codec", "notes"));
        assertEquals(
                "the model generates 2 codebooks of 7 codes, but its config.json names the codec notes (1 codebook of"
                        + " 441 codes)",
                refusal());
        configure(config -> config.put("encore_codec", "dac"));
        assertEquals("the model generates 2 codebooks of 7 codes of the codec dac" + AVAILABLE, refusal());
    }

    /** As in MusicGen's own checkpoints; what an {@code audio_encoder} does not say is as in the codec of 24 kHz. */
    @Test
    void aNeuralCodecMustHaveTheSizesOfTheModel() throws IOException {
        save(config(4, 2048));
        configure(config -> config.putObject("audio_encoder").put("model_type", "encodec"));
        assertEquals(
                "the model generates 4 codebooks of 2048 codes, but its config.json names the codec encodec (32"
                        + " codebooks of 1024 codes)",
                refusal());
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            assertEquals(
                    4,
                    ModelDirectory.load(directory, kernels).config().decoder().codebooks());
        }
    }

    @Test
    void aNeuralCodecNeedsItsDescription() throws IOException {
        save(config(4, 2048).withCodec(Codecs.ENCODEC));
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> CheckpointInfo.of(directory));
        assertEquals(
                directory.resolve("config.json")
                        + ": names the codec encodec, but holds no audio_encoder, which describes it",
                e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "encore_codec | 3 | encore_codec is 3, but must be the name of a codec",
                "audio_encoder | {\"model_type\": null} | audio_encoder.model_type is null, but must be the name of a codec"
            })
    void namesThatAreNone(String key, String value, String problem) throws IOException {
        save(config(1, 441));
        configure(config -> {
            try {
                config.set(key, new ObjectMapper().readTree(value));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> CheckpointInfo.of(directory));
        assertEquals(directory.resolve("config.json") + ": " + problem, e.getMessage());
    }

    @Test
    void theCodecOfACorpusMustBeTheModels() throws IOException {
        save(config(4, 48));
        CheckpointInfo checkpoint = CheckpointInfo.of(directory);
        InvalidFileException e = assertThrows(
                InvalidFileException.class, () -> checkpoint.requireCodec(Codecs.symbolic(Codecs.NOTES), "the corpus"));
        assertEquals(
                directory + ": the model has the codec voices (4 codebooks of 48 codes), but the corpus has notes"
                        + " (1 codebook of 441 codes)",
                e.getMessage());
    }

    @Test
    void piecesCannotBeWrittenInACodecOfSound() {
        CheckpointInfo sound = new CheckpointInfo(directory, config(4, 2048).withCodec("encodec"));
        InvalidFileException e = assertThrows(InvalidFileException.class, sound::symbolicCodec);
        assertEquals(
                directory + ": the codec is encodec, but pieces can be written only in notes (1 codebook of 441 codes)"
                        + " or voices (4 codebooks of 48 codes)",
                e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new CheckpointInfo(directory, config(1, 441)));
    }

    /** A configuration that has been read is not read again. */
    @Test
    void theConfigurationIsReadOnce() throws IOException {
        save(config(1, 441));
        CheckpointInfo checkpoint = CheckpointInfo.of(directory);
        Files.delete(directory.resolve(ModelDirectory.CONFIG));
        try (PretrainedModel model = PretrainedModel.open(checkpoint, shards)) {
            assertEquals(checkpoint.config(), model.config());
            assertEquals(checkpoint, model.checkpoint());
            assertEquals(0, model.tokenizer().capacity());
        }
    }

    @Test
    void lentShardsStayOpen() throws IOException {
        save(config(1, 441));
        PretrainedModel.open(directory, shards).close();
        assertEquals(List.of(0, 1), shards.run(shard -> shard));
        Files.delete(directory.resolve(ModelDirectory.WEIGHTS));
        assertThrows(InvalidFileException.class, () -> PretrainedModel.open(directory, shards));
        assertEquals(List.of(0, 1), shards.run(shard -> shard));
    }

    @Test
    void aModelThatReadsTextNeedsItsTokenizer() throws IOException {
        ModelConfig reading = new ModelConfig(
                new TextEncoderConfig(5, 6, 3, 8, 1, 2, 8, 16, 1e-6),
                config(1, 441).decoder(),
                Head.CODES);
        save(reading);
        InvalidFileException e =
                assertThrows(InvalidFileException.class, () -> PretrainedModel.open(directory, shards));
        assertTrue(e.getMessage().startsWith(directory.resolve(TextTokenizer.FILE) + ": there is no such file"));
        WordTokenizer.write(List.of("<pad>", "</s>", "<unk>", "a", "waltz"), directory);
        try (PretrainedModel model = PretrainedModel.open(directory, shards)) {
            assertEquals(List.of("slow"), model.tokenizer().unknownWords("a slow waltz"));
            assertEquals(
                    TextTokenizer.mostTokens(), model.workspaces(1).capacity().textTokens());
        }
    }

    @Test
    void buffersAndGeneratorsHaveTheSizesOfTheModel() throws IOException {
        save(config(4, 48));
        try (PretrainedModel model = PretrainedModel.open(directory, shards)) {
            Workspaces workspaces = model.workspaces(3);
            assertEquals(3, workspaces.capacity().batch());
            // Three steps more than frames, one for each codebook after the first.
            assertEquals(FRAMES + 3, workspaces.capacity().steps());
            RandomStreams streams = new RandomStreams(7);
            List<Completion> whole;
            try (ParallelGenerator generator = model.generator(SamplingSettings.defaults(), 2)) {
                whole = generator.generate(List.of("", ""), i -> streams.stream(Purpose.SAMPLING, i));
            }
            int[][] codes = whole.get(1).codes();
            assertEquals(FRAMES, codes[3].length);
            try (ParallelGenerator generator = model.generator(SamplingSettings.defaults(), 2, 5)) {
                int[][] shorter = generator
                        .generate(List.of("", ""), i -> streams.stream(Purpose.SAMPLING, i))
                        .get(1)
                        .codes();
                assertEquals(5, shorter[0].length);
            }
            assertEquals(
                    model.codec().decode(codes).piece().orElseThrow(),
                    model.symbolicCodec().piece(codes));
            CodeBatcher.MicroBatch microBatch =
                    model.batcher().cut(List.of(CodeSequence.of(codes, "")), 1).get(0);
            MusicTransformer transformer = model.replicas().model();
            transformer.forward(workspaces.of(0), microBatch.batch().inputs());
            assertArrayEquals(new int[] {FRAMES + 3}, microBatch.batch().steps());
        }
    }
}
