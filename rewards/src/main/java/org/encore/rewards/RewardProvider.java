package org.encore.rewards;

import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Creates rewards from outside Encore for configurations ({@code kind: java}).
 *
 * <p>Providers are found by {@link ServiceLoader}: a class with a public constructor without parameters, named in the
 * file {@code META-INF/services/org.encore.rewards.RewardProvider} of a jar on the class path.
 */
public interface RewardProvider {
    /** The name of this provider in configurations, unique on the class path. */
    String name();

    /**
     * Creates a reward.
     *
     * @param id the id that the reward must return
     * @param options options from the configuration
     * @throws IllegalArgumentException if an option is wrong; the message begins with its name
     */
    RewardModel reward(String id, SortedMap<String, String> options);

    /**
     * Finds a provider on the class path.
     *
     * @throws IllegalArgumentException if there is none of that name, or more than one
     */
    static RewardProvider named(String name) {
        SortedMap<String, RewardProvider> found = new TreeMap<>();
        for (RewardProvider provider : ServiceLoader.load(RewardProvider.class)) {
            RewardProvider other = found.put(provider.name(), provider);
            if (other != null && provider.name().equals(name)) {
                throw new IllegalArgumentException("name is \"" + name + "\", but two providers have that name: "
                        + List.of(
                                other.getClass().getName(), provider.getClass().getName()));
            }
        }
        RewardProvider provider = found.get(name);
        if (provider == null) {
            throw new IllegalArgumentException("name is \"" + name + "\", but "
                    + (found.isEmpty()
                            ? "there is no provider of rewards on the class path"
                            : "the providers on the class path are " + String.join(", ", found.keySet()))
                    + "; add the jar to ENCORE_CLASSPATH");
        }
        return provider;
    }
}
