package org.encore.model.encodec.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.encodec.EncodecParameters;
import org.encore.model.encodec.training.CodecDirectory.Form;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodebookLearningTest {
    private static final EncodecConfig CONFIG = CodecPassTest.config();
    private static final int WIDTH = CONFIG.hidden();
    private static final int FRAMES = 60;

    @TempDir
    private Path directory;

    private static double[] latents(long seed) {
        RandomGenerator random = new RandomStreams(seed).stream(Purpose.NOISE);
        double[] values = new double[FRAMES * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    private static int[][] encode(Kernels kernels, EncodecParameters parameters, double[] latents) {
        Tensor frames = kernels.allocate(FRAMES, WIDTH);
        kernels.write(frames, latents);
        return new EncodecModel(CONFIG, parameters).quantiser(kernels, FRAMES).encode(frames);
    }

    /** Mean square of what all codebooks leave over. */
    private static double left(Kernels kernels, EncodecParameters parameters, double[] latents) {
        int[][] codes = encode(kernels, parameters, latents);
        double sum = 0.0;
        for (int f = 0; f < FRAMES; f++) {
            for (int i = 0; i < WIDTH; i++) {
                double value = latents[f * WIDTH + i];
                for (int k = 0; k < codes.length; k++) {
                    value -=
                            kernels.readDoubles(parameters.get(EncodecParameters.codebook(k)))[codes[k][f] * WIDTH + i];
                }
                sum += value * value;
            }
        }
        return sum / latents.length;
    }

    private static RandomGenerator random(long index) {
        return new RandomStreams(9).stream(Purpose.SAMPLING, index);
    }

    private static CodebookLearning learning(double deadBelow, Kernels kernels, EncodecParameters parameters) {
        return new CodebookLearning(
                new CodebookLearning.Settings(0.9, deadBelow, 1e-5, 10, 0), CONFIG, kernels, parameters);
    }

    @Test
    void meansStartNearTheFramesAndFollowThem() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            EncodecParameters parameters = new EncodecParameters(kernels, CONFIG);
            CodebookLearning learning = learning(0.0, kernels, parameters);
            double[] first = latents(1);
            assertFalse(learning.isInitialised());
            learning.initialise(first, 1, random(0));
            assertTrue(learning.isInitialised());
            double begun = left(kernels, parameters, first);
            assertTrue(begun < 0.35, "of a variance of 1, three codebooks of 8 leave " + begun);
            double[] moved = latents(2);
            double before = left(kernels, parameters, moved);
            for (int step = 0; step < 30; step++) {
                learning.update(moved.clone(), encode(kernels, parameters, moved), random(step));
            }
            double after = left(kernels, parameters, moved);
            assertTrue(after < 0.8 * before, before + " became " + after);
        }
    }

    /** One update, written out. */
    @Test
    void averagesAreThoseOfTheFormulas() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            EncodecParameters parameters = new EncodecParameters(kernels, CONFIG);
            CodebookLearning learning = learning(0.0, kernels, parameters);
            learning.initialise(latents(1), 1, random(0));
            double[] frames = latents(2);
            int[][] codes = encode(kernels, parameters, frames);
            // The second half uses the first codebook alone.
            for (int k = 1; k < codes.length; k++) {
                Arrays.fill(codes[k], FRAMES / 2, FRAMES, -1);
            }
            double[] residual = frames.clone();
            for (int k = 0; k < codes.length; k++) {
                double[] rows = kernels.readDoubles(parameters.get(EncodecParameters.codebook(k)));
                double[] size = new double[CONFIG.codebookSize()];
                double[] total = new double[rows.length];
                for (int code = 0; code < size.length; code++) {
                    size[code] = 0.9 * learning.sizes(k)[code];
                }
                for (int j = 0; j < total.length; j++) {
                    total[j] = 0.9 * learning.totals(k)[j];
                }
                for (int f = 0; f < FRAMES; f++) {
                    int code = codes[k][f];
                    for (int i = 0; i < WIDTH && code >= 0; i++) {
                        total[code * WIDTH + i] += 0.1 * residual[f * WIDTH + i];
                        residual[f * WIDTH + i] -= rows[code * WIDTH + i];
                    }
                    if (code >= 0) {
                        size[code] += 0.1;
                    }
                }
                expectedSizes[k] = size;
                expectedTotals[k] = total;
            }
            assertEquals(0, learning.update(frames.clone(), codes, random(1)));
            for (int k = 0; k < codes.length; k++) {
                double all = Arrays.stream(expectedSizes[k]).sum();
                double[] rows = kernels.readDoubles(parameters.get(EncodecParameters.codebook(k)));
                for (int code = 0; code < CONFIG.codebookSize(); code++) {
                    assertEquals(expectedSizes[k][code], learning.sizes(k)[code], 1e-5);
                    double smoothed = (expectedSizes[k][code] + 1e-5) / (all + 8e-5) * all;
                    for (int i = code * WIDTH; i < (code + 1) * WIDTH; i++) {
                        assertEquals(expectedTotals[k][i], learning.totals(k)[i], 1e-4);
                        assertEquals(expectedTotals[k][i] / smoothed, rows[i], 1e-3);
                    }
                }
            }
        }
    }

    private final double[][] expectedSizes = new double[CONFIG.codebooks()][];
    private final double[][] expectedTotals = new double[CONFIG.codebooks()][];

    /** Codes that no frame takes any more get one. */
    @Test
    void deadCodesTakeFramesOfTheBatch() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            EncodecParameters parameters = new EncodecParameters(kernels, CONFIG);
            CodebookLearning learning = learning(0.2, kernels, parameters);
            learning.initialise(latents(1), 1, random(0));
            int[][] one = new int[CONFIG.codebooks()][FRAMES];
            int revived = 0;
            for (int step = 0; step < 40; step++) {
                revived = learning.update(latents(3), one, random(step));
            }
            int all = revived;
            for (int step = 40; step < 60; step++) {
                all += learning.update(latents(3), one, random(step));
            }
            assertTrue(all > 0, "codes that are never used die");
            double[] frames = latents(3);
            double[] rows = kernels.readDoubles(parameters.get(EncodecParameters.codebook(0)));
            for (int code = 1; code < CONFIG.codebookSize(); code++) {
                double nearest = Double.POSITIVE_INFINITY;
                for (int f = 0; f < FRAMES; f++) {
                    double sum = 0.0;
                    for (int i = 0; i < WIDTH; i++) {
                        sum += Math.pow(rows[code * WIDTH + i] - frames[f * WIDTH + i], 2);
                    }
                    nearest = Math.min(nearest, sum);
                }
                assertEquals(0.0, nearest, 1e-6, "code " + code + " is a frame");
            }
        }
    }

    @Test
    void perplexityCountsTheCodesInUse() {
        assertEquals(4.0, CodebookLearning.perplexity(new double[] {2, 2, 0, 2, 2}), 1e-12);
        assertEquals(1.0, CodebookLearning.perplexity(new double[] {0, 5}), 1e-12);
        assertTrue(Double.isNaN(CodebookLearning.perplexity(new double[3])));
    }

    @Test
    void aDirectoryKeepsWeightsAndAverages() throws IOException {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            EncodecModel model = CodecPassTest.model(kernels);
            CodebookLearning learning = learning(0.1, kernels, model.parameters());
            learning.initialise(latents(1), 1, random(0));
            for (Form form : Form.values()) {
                Path place = directory.resolve(form.name());
                java.nio.file.Files.createDirectories(place);
                CodecDirectory.write(place, model, learning, kernels, form);
                assertTrue(EncodecModel.isAlone(place));
                EncodecModel opened = EncodecModel.load(place, kernels);
                assertEquals(model.config(), opened.config());
                float[] expected = kernels.readFloats(model.parameters().flat());
                float[] found = kernels.readFloats(opened.parameters().flat());
                assertArrayEquals(expected, found, form == Form.FOLDED ? 0.0f : 1e-7f, form.name());
                CodebookLearning again = learning(0.1, kernels, opened.parameters());
                again.load(place.resolve("model.safetensors"));
                assertTrue(again.isInitialised());
                for (int k = 0; k < CONFIG.codebooks(); k++) {
                    assertArrayEquals(learning.sizes(k), again.sizes(k));
                    assertArrayEquals(learning.totals(k), again.totals(k));
                }
            }
        }
    }
}
