package org.encore.model.kernels;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.kernels.simd.SimdKernelsProvider;

/**
 * Kernels at a precision, with their tolerance against plain loops. Another implementation joins every test by one line
 * in {@link #all}.
 *
 * @param name shown in reports
 * @param source opens the kernels
 * @param tolerance largest absolute error on numbers around 1
 */
record KernelCase(String name, Supplier<Kernels> source, double tolerance) {
    static Stream<KernelCase> all() {
        return Stream.of(
                new KernelCase("portable, 64 bits", () -> new PortableKernels(Precision.DOUBLE), 1e-10),
                new KernelCase("portable, 32 bits", () -> new PortableKernels(Precision.SINGLE), 5e-5),
                new KernelCase("SIMD, 32 bits", () -> new SimdKernelsProvider().open(Precision.SINGLE), 5e-5));
    }

    Workbench open() {
        return new Workbench(source.get(), tolerance);
    }

    @Override
    public String toString() {
        return name;
    }
}
