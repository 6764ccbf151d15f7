package org.encore.model.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.encore.base.random.RandomStreams;
import org.encore.model.kernels.Dropout;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.transformer.Linear.Adapter;
import org.encore.model.transformer.LoraSettings.Target;
import org.encore.model.transformer.ModelConfig.Head;
import org.junit.jupiter.api.Test;

class LoraTest {
    private static final List<Target> ALL = List.of(Target.values());

    private static double[] outputs(MusicTransformer model) {
        return Trial.of(model, Example.several(2, 2, 5, 4), 5, 4).outputs();
    }

    @Test
    void newAdaptersChangeNothing() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            MusicTransformer base = TinyModels.random(kernels, TinyModels.config(2, Head.CODES), 5);
            MusicTransformer model = base.withAdapters(LoraSettings.defaults(), Head.CODES);
            Initialisation.randomiseAdapters(model, new RandomStreams(1));
            assertArrayEquals(outputs(base), outputs(model), 0.0);
            double[] a = kernels.readDoubles(
                    model.trainable().get("decoder.model.decoder.layers.0.self_attn.q_proj.lora_A.weight"));
            double bound = 1.0 / Math.sqrt(8.0);
            assertTrue(Arrays.stream(a).allMatch(value -> Math.abs(value) <= bound && value != 0.0));
            assertTrue(Arrays.stream(a).anyMatch(value -> Math.abs(value) > 0.8 * bound));
        }
    }

    /** The weights of the base with the adapters added are the same model. */
    @Test
    void mergingKeepsTheModel() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            MusicTransformer base = TinyModels.random(kernels, TinyModels.config(2, Head.CODES), 5);
            MusicTransformer model = TinyModels.adapted(base, Head.CODES, ALL, 4);
            double[] plain = outputs(base);
            double[] adapted = outputs(model);
            assertFalse(Arrays.equals(plain, adapted));
            assertEquals(plain.length, adapted.length);
            model.merge();
            assertArrayEquals(adapted, outputs(base), 1e-12);
            assertArrayEquals(adapted, outputs(model), 1e-12);
        }
    }

    /** Two networks on one base do not see each other's adapters. */
    @Test
    void modelsOfOneBaseAreIndependent() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            MusicTransformer base = TinyModels.random(kernels, TinyModels.config(2, Head.CODES), 5);
            MusicTransformer policy = TinyModels.adapted(base, Head.CODES, ALL, 4);
            double[] before = outputs(policy);
            MusicTransformer value = TinyModels.adapted(base, Head.SCALAR, List.of(Target.FC1), 6);
            assertTrue(Arrays.stream(outputs(value)).anyMatch(each -> each != 0.0));
            kernels.fill(value.trainable().flat(), 0.0);
            assertArrayEquals(before, outputs(policy), 0.0);
            assertTrue(Arrays.stream(outputs(value)).allMatch(each -> each == 0.0), "the head is an adapter too");
            assertThrows(IllegalStateException.class, () -> Trial.of(policy, Example.several(1, 2, 3, 2), 3, 2)
                    .addGradient(policy.zerosLike()));
        }
    }

    /** {@code y = x Wᵀ + s (drop(x) Aᵀ) Bᵀ} in plain loops: the matrix reads all of x, each adapter what its own dropout left. */
    @Test
    void dropoutIsBeforeAAndOfEachAdapterAlone() {
        try (Kernels kernels = new PortableKernels(Precision.DOUBLE)) {
            double[][] x = {{1, 2, 3, 4}, {-1, 0.5, 2, -3}, {0.3, 0.7, -0.2, 1}};
            double[][] w = {{1, 0, 2, 0}, {0, 1, 0, 1}, {3, 0, 0, 1}, {1, 1, 1, 1}};
            double[][] a = {{1, -1, 0.5, 2}, {0.1, 0.2, 0.3, 0.4}};
            double[][] b = {{1, 2}, {3, -1}};
            List<Adapter> adapters = List.of(
                    new Adapter(tensor(kernels, a), tensor(kernels, b), 0, 7),
                    new Adapter(tensor(kernels, a), tensor(kernels, b), 2, 8));
            Linear.Products products = new Linear.Products(kernels, 0.5);
            Dropout dropout = new Dropout(0.4, 3);
            products.begin(dropout);
            Tensor y = kernels.allocate(3, 4);
            products.forward(tensor(kernels, x), new Linear(tensor(kernels, w), adapters), y);
            double[] actual = kernels.readDoubles(y);
            int differences = 0;
            for (int row = 0; row < 3; row++) {
                for (int out = 0; out < 4; out++) {
                    float[] kept = new float[12];
                    dropout.at(out < 2 ? 7 : 8).factors(kept);
                    double expected = 0;
                    for (int in = 0; in < 4; in++) {
                        double left = x[row][in] * kept[row * 4 + in];
                        expected += x[row][in] * w[out][in]
                                + 0.5 * left * (a[0][in] * b[out % 2][0] + a[1][in] * b[out % 2][1]);
                        differences += kept[row * 4 + in] == 0 ? 1 : 0;
                    }
                    assertEquals(expected, actual[row * 4 + out], 1e-6);
                }
            }
            assertTrue(differences > 4, "something is dropped");
        }
    }

    private static Tensor tensor(Kernels kernels, double[][] rows) {
        Tensor tensor = kernels.allocate(rows.length, rows[0].length);
        kernels.write(
                tensor, Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray());
        return tensor;
    }

    @Test
    void settingsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new LoraSettings(4, 1.0, ALL, 1.0));
        assertThrows(IllegalArgumentException.class, () -> new LoraSettings(0, 1.0, ALL));
        assertThrows(IllegalArgumentException.class, () -> new LoraSettings(4, 0.0, ALL));
        assertThrows(IllegalArgumentException.class, () -> new LoraSettings(4, 1.0, List.of()));
        assertEquals(0.5, new LoraSettings(4, 2.0, ALL).scale(), 0.0);
    }
}
