package org.encore.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings with one component of every type that can be configured. */
record Example(
        long seed,
        int steps,
        double rate,
        boolean fast,
        String name,
        Path checkpoint,
        Precision precision,
        Optional<Double> stop,
        Objective objective,
        Penalty penalty,
        List<Part> parts,
        Map<String, Double> weights) {
    enum Precision {
        SINGLE,
        HALF_WIDTH
    }

    record Objective(double clipRange, int epochs) {
        Objective {
            if (!(clipRange > 0 && clipRange < 1)) {
                throw new IllegalArgumentException("clipRange is " + clipRange + ", but must lie in (0, 1)");
            }
            if (epochs > 4 && clipRange > 0.5) {
                throw new IllegalArgumentException("so wide a clip range allows 4 epochs at most");
            }
        }

        public static Objective defaults() {
            return new Objective(0.2, 2);
        }
    }

    sealed interface Penalty permits Exact, KThree, None {}

    record Exact(double coefficient) implements Penalty {
        public static Exact defaults() {
            return new Exact(0.05);
        }
    }

    record KThree(double coefficient, int horizon) implements Penalty {}

    record None() implements Penalty {}

    record Part(String id, double weight) {}

    /** A value for everything but the name and the checkpoint cannot be had; so these are given here, too. */
    public static Example defaults() {
        return new Example(
                1,
                100,
                1e-4,
                false,
                "example",
                Path.of("checkpoints/tiny"),
                Precision.SINGLE,
                Optional.of(0.5),
                new Objective(0.3, 1),
                new KThree(0.1, 10),
                List.of(new Part("rules", 1.0)),
                Map.of("a", 1.0));
    }
}
