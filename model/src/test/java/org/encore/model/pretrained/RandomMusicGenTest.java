package org.encore.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.RandomMusicGen.Size;
import org.encore.model.weights.SafetensorsFile;
import org.encore.model.weights.SafetensorsWriter.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomMusicGenTest {
    private static final int FRAMES = 60;

    @TempDir
    private Path directory;

    private static RandomMusicGen tiny(Format format, int channels) {
        return new RandomMusicGen(Size.TINY.config(2, channels), Size.TINY.codec(), format, 1);
    }

    /** Logits of one standard deviation or less, with guidance too: the sampled codes are far from certain; and a soft sound. */
    @ParameterizedTest
    @CsvSource({"F32, 1", "F16, 1", "BF16, 2"})
    void itPlays(Format format, int channels) throws IOException {
        Path target = directory.resolve("model");
        tiny(format, channels).write(target, written -> {});
        try (Shards shards = new Shards(1, 1, () -> new PortableKernels(Precision.SINGLE));
                PretrainedModel model = PretrainedModel.open(target, shards);
                ParallelGenerator generator = model.generator(new SamplingSettings(1.0, 0, 1.0, 3.0), 1, FRAMES)) {
            assertTrue(model.tokenizer().unknownWords("slow piano").isEmpty());
            assertFalse(model.tokenizer().unknownWords("a theremin").isEmpty());
            Completion completion = generator
                    .generate(List.of("slow piano"), i -> new RandomStreams(1).stream(Purpose.SAMPLING, i))
                    .get(0);
            double nats = -Arrays.stream(completion.logProbs()).sum() / (4.0 * channels * FRAMES);
            assertTrue(nats > 0.6 * Math.log(64) && nats <= 1.05 * Math.log(64), nats + " nats a code");
            float[] sound = model.codec().decode(completion.codes()).waveform().channel(0);
            double square = 0;
            for (float sample : sound) {
                square += (double) sample * sample;
            }
            double level = Math.sqrt(square / sound.length);
            assertTrue(level > 0.005 && level < 0.5, "level " + level);
        }
    }

    @Test
    void theSameSeedGivesTheSameBytesAndEveryNumberIsCounted() throws IOException {
        AtomicLong counted = new AtomicLong();
        tiny(Format.F32, 1).write(directory.resolve("a"), counted::set);
        tiny(Format.F32, 1).write(directory.resolve("b"), written -> {});
        Path weights = directory.resolve("a/model.safetensors");
        assertArrayEquals(Files.readAllBytes(weights), Files.readAllBytes(directory.resolve("b/model.safetensors")));
        assertEquals(tiny(Format.F32, 1).parameters(), counted.get());
        try (SafetensorsFile file = SafetensorsFile.open(weights)) {
            assertEquals(tiny(Format.F32, 1).shapes().keySet(), file.names());
        }
    }

    /** The file lists one block of each kind; the second name of an embedding may be left out. */
    @Test
    @EnabledIfEnvironmentVariable(
            named = "ENCORE_SHARED",
            matches = ".+",
            disabledReason = "names of the published model left out: set ENCORE_SHARED to the directory that holds"
                    + " data/golden")
    void smallHasThePublishedNamesAndShapes() throws IOException {
        Path list = Path.of(System.getenv("ENCORE_SHARED"), "data", "golden", "layout", "musicgen-small.tensors.txt");
        Map<String, String> published = Files.readAllLines(list).stream()
                .map(line -> line.split("\t", -1))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        RandomMusicGen small = new RandomMusicGen(Size.SMALL.config(24, 1), Size.SMALL.codec(), Format.F32, 1);
        Map<String, List<Integer>> ours = small.shapes();
        List<String> missing = new ArrayList<>(published.keySet());
        missing.removeAll(ours.keySet());
        missing.remove("text_encoder.encoder.embed_tokens.weight");
        assertEquals(List.of(), missing);
        ours.forEach((name, shape) -> {
            String first = name.replaceFirst("^(text_encoder.*block|decoder.*layers)\\.\\d+\\.", "$1.0.");
            assertEquals(published.get(first), shape.toString(), name);
        });
        // 2.36 GB as published hold 0.59 billion numbers.
        assertEquals(0.59e9, (double) small.parameters(), 0.01e9);
    }
}
