package org.encore.model.kernels;

import java.util.Optional;
import org.encore.model.kernels.Kernels.Precision;

/**
 * A kind of {@link Kernels} that may or may not run on this machine. Found by {@link java.util.ServiceLoader}, in the order of preference of its file; loading a provider must not load the classes that its kernels need.
 */
public interface KernelsProvider {
    /** The name in the system property, such as "portable". */
    String name();

    /** Why these kernels cannot run here at this precision, in a few words; empty if they can. */
    Optional<String> obstacle(Precision precision);

    /**
     * Opens kernels of a precision.
     *
     * @throws IllegalStateException if there is an obstacle
     */
    Kernels open(Precision precision);
}
