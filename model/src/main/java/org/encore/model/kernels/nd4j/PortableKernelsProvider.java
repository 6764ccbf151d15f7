package org.encore.model.kernels.nd4j;

import java.util.Optional;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.KernelsProvider;

/** Offers {@link PortableKernels}: they run wherever ND4J does. */
public final class PortableKernelsProvider implements KernelsProvider {
    @Override
    public String name() {
        return "portable";
    }

    @Override
    public Optional<String> obstacle(Precision precision) {
        return Optional.empty();
    }

    @Override
    public Kernels open(Precision precision) {
        return new PortableKernels(precision);
    }
}
