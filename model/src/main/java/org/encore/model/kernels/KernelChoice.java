package org.encore.model.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.model.kernels.Kernels.Precision;

/**
 * The choice of kernels for this machine, with its reason.
 *
 * <p>The system property {@value #PROPERTY} is the name of a provider, or "auto" (the default) for the first that runs here.
 *
 * @param provider the kernels
 * @param precision their precision
 * @param reason the reason, in a few words
 */
public record KernelChoice(KernelsProvider provider, Precision precision, String reason) {
    /** Name of the system property. */
    public static final String PROPERTY = "encore.kernels";

    private static final Logger LOGGER = LogManager.getLogger(KernelChoice.class);
    private static final String AUTO = "auto";

    /**
     * Chooses as the system property says, and logs the choice.
     *
     * @throws IllegalArgumentException if the property names no kernels, or kernels that cannot run here
     */
    public static KernelChoice best(Precision precision) {
        List<KernelsProvider> providers = new ArrayList<>();
        ServiceLoader.load(KernelsProvider.class, KernelChoice.class.getClassLoader())
                .forEach(providers::add);
        KernelChoice choice = of(System.getProperty(PROPERTY, AUTO), precision, providers);
        LOGGER.info("{} kernels: {}", choice.provider().name(), choice.reason());
        return choice;
    }

    /** Opens new kernels of this kind. */
    public Kernels open() {
        return provider.open(precision);
    }

    static KernelChoice of(String wanted, Precision precision, List<KernelsProvider> providers) {
        return wanted.equals(AUTO) ? first(precision, providers) : named(wanted, precision, providers);
    }

    private static KernelChoice first(Precision precision, List<KernelsProvider> providers) {
        List<String> obstacles = new ArrayList<>();
        for (KernelsProvider provider : providers) {
            Optional<String> obstacle = provider.obstacle(precision);
            if (obstacle.isEmpty()) {
                String reason = obstacles.isEmpty() ? "the fastest, and they run here" : String.join("; ", obstacles);
                return new KernelChoice(provider, precision, reason);
            }
            obstacles.add("no " + provider.name() + " kernels, because " + obstacle.get());
        }
        throw new IllegalStateException(String.join("; ", obstacles));
    }

    private static KernelChoice named(String name, Precision precision, List<KernelsProvider> providers) {
        for (KernelsProvider provider : providers) {
            if (provider.name().equals(name)) {
                provider.obstacle(precision).ifPresent(obstacle -> {
                    throw new IllegalArgumentException("-D" + PROPERTY + "=" + name + ", but " + obstacle);
                });
                return new KernelChoice(provider, precision, "asked for by -D" + PROPERTY);
            }
        }
        List<String> names = providers.stream().map(KernelsProvider::name).toList();
        throw new IllegalArgumentException(
                "-D" + PROPERTY + " is " + name + ", but must be " + AUTO + " or one of " + String.join(", ", names));
    }
}
