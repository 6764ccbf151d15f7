package org.encore.model.kernels.simd;

import java.util.Optional;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.KernelsProvider;
import org.encore.model.kernels.simd.memory.Floats;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Provides {@link SimdKernels} if Java's Vector API is available, ND4J computes on the CPU and the precision is 32 bits.
 *
 * <p>In Java 17 the Vector API is in the module jdk.incubator.vector, which must be added: by the option
 * {@code --add-modules jdk.incubator.vector}, which prints a warning at each start, or silently by this class, if the JVM
 * runs with {@code -XX:+UnlockExperimentalVMOptions -XX:+EnableVectorSupport} and
 * {@code --add-exports java.base/jdk.internal.module=ALL-UNNAMED}.
 */
public final class SimdKernelsProvider implements KernelsProvider {
    private static final String MODULE = "jdk.incubator.vector";

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public Optional<String> obstacle(Precision precision) {
        if (precision != Precision.SINGLE) {
            return Optional.of("they compute in 32 bits only");
        }
        String backend = Nd4j.getBackend().getClass().getSimpleName();
        if (!backend.startsWith("Cpu")) {
            return Optional.of("ND4J does not compute on the CPU here but with " + backend);
        }
        return vectorObstacle();
    }

    private static Optional<String> vectorObstacle() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty() && !isLoadedSilently()) {
            return Optional.of("this JVM runs without --add-modules " + MODULE);
        }
        return Floats.obstacle();
    }

    private static boolean isLoadedSilently() {
        try {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, MODULE);
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public Kernels open(Precision precision) {
        obstacle(precision).ifPresent(obstacle -> {
            throw new IllegalStateException("no SIMD kernels, because " + obstacle);
        });
        return new SimdKernels();
    }
}
