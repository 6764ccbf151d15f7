package org.encore.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parity.Parity;
import org.encore.model.parity.TensorComparison;
import org.encore.model.parity.TensorComparison.Status;
import org.encore.model.text.WordTokenizer;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.TinyModels;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsFile;
import org.encore.model.weights.SafetensorsWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The tiny state dicts of audiocraft as a model in the Hugging Face layout. */
@EnabledIfEnvironmentVariable(
        named = "ENCORE_SHARED",
        matches = ".+",
        disabledReason = "the state dicts and what audiocraft computes with them are not part of the sources")
class AudiocraftConversionTest {
    private static final int WIDTH = 32;
    private static final OptionalInt HEADS = OptionalInt.of(4);

    @TempDir
    private Path directory;

    private Kernels kernels;
    private Path golden;
    private Path target;

    @BeforeEach
    void open() {
        kernels = new PortableKernels(Precision.SINGLE);
        golden = Path.of(System.getenv("ENCORE_SHARED"), "data", "golden", "audiocraft_tiny");
        target = directory.resolve("converted");
    }

    @AfterEach
    void close() {
        kernels.close();
    }

    /** A text encoder of some width, in a model. */
    private Path text(int width) throws IOException {
        Path home = Files.createDirectories(directory.resolve("text-" + width));
        TextEncoderConfig t5 = new TextEncoderConfig(6, width, 4, 8, 1, 2, 8, 16, 1e-6);
        DecoderConfig decoder = TinyModels.config(1, Head.CODES).decoder();
        ModelDirectory.save(TinyModels.random(kernels, new ModelConfig(t5, decoder, Head.CODES), 3), home);
        WordTokenizer.write(List.of("<pad>", "</s>", "<unk>", "a", "b", "c"), home);
        return home;
    }

    /** The golden decoder with more tensors. */
    private Path decoder(BiConsumer<SafetensorsFile, SafetensorsWriter> more) throws IOException {
        Path file = Files.createDirectories(directory.resolve("decoder")).resolve("lm.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter(SafetensorsWriter.Format.F32);
        try (SafetensorsFile source = SafetensorsFile.open(golden.resolve("lm.safetensors"))) {
            for (String name : source.names()) {
                float[] values = source.floats(name);
                writer.add(name, source.entry(name).shape(), () -> values);
            }
            more.accept(source, writer);
            writer.write(file);
        }
        return file;
    }

    private String refused(Path decoder, Path text, OptionalInt heads) {
        String message = assertThrows(
                        InvalidFileException.class,
                        () -> new AudiocraftConversion(decoder, golden, text, heads).write(target, kernels))
                .getMessage();
        assertTrue(Files.notExists(target), "nothing is left behind");
        return message;
    }

    /** All that audiocraft computed: logits with and without guidance, greedy codes, loss, gradients, sound, codes of sound. */
    @Test
    void theConvertedModelComputesWhatAudiocraftDoes() throws IOException {
        new AudiocraftConversion(golden, golden, text(WIDTH), HEADS).write(target, kernels);
        for (String file : List.of("lm_golden.safetensors", "encodec_golden.safetensors")) {
            try (Parity parity = Parity.open(target, golden.resolve(file), kernels)) {
                List<TensorComparison> all = parity.values();
                assertTrue(
                        all.stream().allMatch(c -> c.status() == Status.PASSED || c.status() == Status.INPUT),
                        all::toString);
                assertTrue(all.stream().filter(c -> c.status() == Status.PASSED).count() >= 5);
            }
        }
        ModelConfig config = CheckpointInfo.of(target).config();
        assertEquals("encodec", config.codec().orElseThrow());
        assertEquals(
                new DecoderConfig(64, 4, 32, 128, 2, 4, 2048, config.decoder().activation()), config.decoder());
        // The codec of the converted model is one that a further conversion takes.
        Path again = directory.resolve("again");
        new AudiocraftConversion(golden, target, target, HEADS).write(again, kernels);
        assertArrayEquals(
                Files.readAllBytes(target.resolve("model.safetensors")),
                Files.readAllBytes(again.resolve("model.safetensors")));
    }

    @Test
    void textIsProjectedAndTwiceTheCodebooksAreStereo() throws IOException {
        float[] matrix = new float[WIDTH * 16];
        float[] bias = new float[WIDTH];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = i * 0.25f;
            bias[i % WIDTH] = -i;
        }
        Path stereo = decoder((source, writer) -> {
            for (int k = 4; k < 8; k++) {
                writer.add("emb." + k + ".weight", List.of(65, WIDTH), () -> new float[65 * WIDTH]);
                writer.add("linears." + k + ".weight", List.of(64, WIDTH), () -> new float[64 * WIDTH]);
            }
            String projection = "condition_provider.conditioners.description.output_proj.";
            writer.add(projection + "weight", List.of(WIDTH, 16), () -> matrix);
            writer.add(projection + "bias", List.of(WIDTH), () -> bias);
        });
        new AudiocraftConversion(stereo, golden, text(16), HEADS).write(target, kernels);
        CheckpointInfo checkpoint = CheckpointInfo.of(target);
        assertEquals(2, checkpoint.config().decoder().audioChannels());
        MusicTransformer model = checkpoint.load(kernels);
        assertArrayEquals(matrix, kernels.readFloats(model.parameters().get("enc_to_dec_proj.weight")));
        assertArrayEquals(bias, kernels.readFloats(model.parameters().get("enc_to_dec_proj.bias")));
    }

    @Test
    void partsThatDoNotFitAreRefused() throws IOException {
        Path text = text(WIDTH);
        String lm = golden.resolve("lm.safetensors").toString();
        assertEquals(
                lm
                        + ": a width of 32 cannot be cut into heads of 64; the file does not tell their number: give it by --heads",
                refused(golden, text, OptionalInt.empty()));
        assertEquals(
                lm
                        + ": a width of 32 cannot be cut into 5 heads; the file does not tell their number: give it by --heads",
                refused(golden, text, OptionalInt.of(5)));
        Path narrow = text(16);
        assertEquals(
                narrow + ": its states have a width of 16, but " + lm + " reads a width of 32",
                refused(golden, narrow, HEADS));
        Path melody = decoder((source, writer) -> writer.add(
                "condition_provider.conditioners.self_wav.output_proj.bias", List.of(1), () -> new float[1]));
        assertEquals(
                melody
                        + ": tensor condition_provider.conditioners.self_wav.output_proj.bias is none of a MusicGen model that is"
                        + " conditioned on text alone",
                refused(melody, text, HEADS));
        Path more = decoder(
                (source, writer) -> writer.add("emb.4.weight", List.of(65, WIDTH), () -> new float[65 * WIDTH]));
        assertEquals(
                more
                        + ": generates 5 codebooks, but the codec has 4; a mono model has as many, a stereo model twice as many",
                refused(more, text, HEADS));
    }
}
