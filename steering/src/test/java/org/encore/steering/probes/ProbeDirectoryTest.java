package org.encore.steering.probes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.statistics.Interval;
import org.encore.steering.probes.ProbeFit.Fitted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeDirectoryTest {
    private static final DecoderConfig DECODER = new DecoderConfig(7, 1, 4, 12, 2, 2, 24, Activation.GELU);

    @TempDir
    Path folder;

    private static Probes probes(int sites, int width) {
        return probes(sites, width, 0.0f);
    }

    private static Probes probes(int sites, int width, float more) {
        float[][] weights = new float[sites][width];
        float[] biases = new float[sites];
        for (int site = 0; site < sites; site++) {
            biases[site] = 0.1f * site;
            for (int i = 0; i < width; i++) {
                weights[site][i] = site - i + more;
            }
        }
        return new Probes(width, weights, biases, weights.clone(), biases, biases, biases, biases);
    }

    private Path written() throws IOException {
        Fitted drums = new Fitted("drums", probes(4, 2), probes(4, 2, 5.0f), probes(2, 4), new Interval(0.9, 0.8, 1.0));
        Path target = folder.resolve("probes");
        ProbeDirectory.write(target, "model", "steer fit", DECODER, 7.0, ProbeSettings.defaults(), List.of(drums));
        return target;
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        ProbeDirectory read = ProbeDirectory.read(written(), DECODER);
        assertEquals(7.0, read.strength());
        Fitted drums = read.of("drums");
        assertEquals(new Interval(0.9, 0.8, 1.0), drums.accuracy());
        assertArrayEquals(probes(4, 2).weights()[3], drums.heads().weights()[3]);
        assertArrayEquals(probes(4, 2, 5.0f).weights()[3], drums.pushes().weights()[3]);
        assertArrayEquals(probes(2, 4).differences()[1], drums.layers().differences()[1]);
        assertEquals(
                List.of(3, 2, 1, 0),
                Arrays.stream(drums.heads().ranking()).boxed().toList());
        // The weights of site 3 are 3 and 2, its bias 0.3.
        double p = drums.heads().probability(3, new float[] {9, 0.5f, -0.25f}, 1);
        assertEquals(LogisticRegression.sigmoid(0.3f + 3 * 0.5 + 2 * -0.25), p, 1e-12);
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        Path target = written();
        DecoderConfig deeper = new DecoderConfig(7, 1, 4, 12, 3, 2, 24, Activation.GELU);
        assertTrue(refusal(target, deeper).contains("2 layers of 2 heads of width 2, but this one has 3 layers"));
        assertTrue(refusal(folder, DECODER).contains("steer fit"));
        ProbeDirectory read = ProbeDirectory.read(target, DECODER);
        assertTrue(assertThrows(InvalidFileException.class, () -> read.of("bass"))
                .getMessage()
                .contains("of drums"));
        Path description = target.resolve(ProbeDirectory.DESCRIPTION);
        String text = Files.readString(description);
        Files.writeString(description, text.replace("\"traits\" : [", "\"traits\" : [ null,"));
        assertTrue(refusal(target, DECODER).contains("a value is missing"), refusal(target, DECODER));
        Files.writeString(description, text.replace("\"format\" : 2", "\"format\" : 1"));
        assertTrue(refusal(target, DECODER).contains("fit the probes anew"));
        Files.writeString(target.resolve(ProbeDirectory.DESCRIPTION), "{");
        assertTrue(refusal(target, DECODER).contains("no description of probes"));
    }

    private static String refusal(Path path, DecoderConfig decoder) {
        return assertThrows(InvalidFileException.class, () -> ProbeDirectory.read(path, decoder))
                .getMessage();
    }
}
