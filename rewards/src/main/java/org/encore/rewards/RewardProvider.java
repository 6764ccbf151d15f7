package org.encore.rewards;

import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes rewards that are not part of Encore, so that a configuration can name them ({@code kind: java}).
 *
 * <p>Providers are found by {@link ServiceLoader}: a class with a public constructor without parameters, named in the
 * file {@code META-INF/services/org.encore.rewards.RewardProvider} of a jar on the class path.
 */
public interface RewardProvider {
    /** The name by which configurations choose this provider; no other provider on the class path may have it. */
    String name();

    /**
     * Makes a reward.
     *
     * @param id what the reward must call itself
     * @param options as the configuration has them
     * @throws IllegalArgumentException if an option makes no sense; the message begins with its name
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
