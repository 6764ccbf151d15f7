package org.encore.model.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.encore.model.kernels.Kernels.Precision;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {
    private record Fake(String name, Optional<String> obstacle) implements KernelsProvider {
        static Fake running(String name) {
            return new Fake(name, Optional.empty());
        }

        @Override
        public Optional<String> obstacle(Precision precision) {
            return obstacle;
        }

        @Override
        public Kernels open(Precision precision) {
            throw new UnsupportedOperationException(name);
        }
    }

    /** Prints which kernels a JVM chooses: for a child with other flags than the tests'. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws IOException {
            KernelChoice choice = KernelChoice.best(Precision.SINGLE);
            try (Kernels kernels = choice.open()) {
                Tensor x = kernels.allocate(1, 2);
                kernels.fill(x, 3.0);
                String line = choice.provider().name() + ": " + choice.reason() + ": " + kernels.sumOfSquares(x);
                new java.io.FileOutputStream(java.io.FileDescriptor.out).write(line.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static String child(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dorg.nd4j.log.initialization=false");
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return out;
    }

    @Test
    void theFirstThatRunsIsChosen() {
        List<KernelsProvider> all = List.of(
                new Fake("fast", Optional.of("the moon is full")), Fake.running("middling"), Fake.running("slow"));
        KernelChoice choice = KernelChoice.of("auto", Precision.SINGLE, all);
        assertEquals("middling", choice.provider().name());
        assertEquals("no fast kernels, because the moon is full", choice.reason());
        assertEquals(
                "slow",
                KernelChoice.of("slow", Precision.SINGLE, all).provider().name());
    }

    @Test
    void whatCannotBeHadIsSaid() {
        List<KernelsProvider> all = List.of(new Fake("fast", Optional.of("the moon is full")), Fake.running("slow"));
        assertEquals(
                "-Dencore.kernels=fast, but the moon is full",
                assertThrows(IllegalArgumentException.class, () -> KernelChoice.of("fast", Precision.SINGLE, all))
                        .getMessage());
        assertEquals(
                "-Dencore.kernels is quick, but must be auto or one of fast, slow",
                assertThrows(IllegalArgumentException.class, () -> KernelChoice.of("quick", Precision.SINGLE, all))
                        .getMessage());
    }

    /** The tests run with the flags of the launcher. */
    @Test
    void simdInSinglePortableInDoublePrecision() {
        assertEquals("simd", KernelChoice.best(Precision.SINGLE).provider().name());
        KernelChoice wide = KernelChoice.best(Precision.DOUBLE);
        assertEquals("portable", wide.provider().name());
        assertEquals("no simd kernels, because they compute in 32 bits only", wide.reason());
    }

    @Test
    void aJvmWithoutTheModuleFallsBack() throws IOException, InterruptedException {
        assertEquals(
                "portable: no simd kernels, because this JVM runs without --add-modules jdk.incubator.vector: 18.0",
                child());
    }

    @Test
    void theModuleByItsUsualFlagServesAsWell() throws IOException, InterruptedException {
        assertEquals("simd: the fastest, and they run here: 18.0", child("--add-modules", "jdk.incubator.vector"));
    }

    @Test
    void thePropertyChooses() throws IOException, InterruptedException {
        assertEquals(
                "portable: asked for by -Dencore.kernels: 18.0",
                child("--add-modules", "jdk.incubator.vector", "-Dencore.kernels=portable"));
    }
}
