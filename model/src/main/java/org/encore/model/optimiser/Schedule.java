package org.encore.model.optimiser;

/** A learning-rate schedule. */
public sealed interface Schedule {
    /**
     * The factor on the learning rate.
     *
     * @param step number of the update, from 1
     * @param totalSteps updates of the whole run
     */
    double factor(long step, long totalSteps);

    /**
     * Rises linearly, then stays.
     *
     * @param warmupSteps updates until the full rate; 0 starts there
     */
    record Constant(int warmupSteps) implements Schedule {
        public Constant {
            requireWarmup(warmupSteps);
        }

        public static Constant defaults() {
            return new Constant(0);
        }

        @Override
        public double factor(long step, long totalSteps) {
            return warmup(step, warmupSteps);
        }
    }

    /**
     * Rises linearly, then falls linearly to a share of the full rate at the end.
     *
     * @param warmupSteps updates until the full rate; 0 starts there
     * @param finalShare share of the full rate at the last update; with 0 the rate reaches 0 one update after the last, so
     *     that no update is lost
     */
    record Linear(int warmupSteps, double finalShare) implements Schedule {
        public Linear {
            requireWarmup(warmupSteps);
            requireShare(finalShare);
        }

        public static Linear defaults() {
            return new Linear(0, 0.0);
        }

        @Override
        public double factor(long step, long totalSteps) {
            double done = progress(step, finalShare > 0.0 ? totalSteps : totalSteps + 1, warmupSteps);
            return warmup(step, warmupSteps) * (1.0 - (1.0 - finalShare) * done);
        }
    }

    /**
     * Rises linearly, then falls along a half cosine (Loshchilov and Hutter 2017, without restarts).
     *
     * @param warmupSteps updates until the full rate; 0 starts there
     * @param finalShare share of the full rate at the last update; with 0 the rate reaches 0 one update after the last, so
     *     that no update is lost
     */
    record Cosine(int warmupSteps, double finalShare) implements Schedule {
        public Cosine {
            requireWarmup(warmupSteps);
            requireShare(finalShare);
        }

        public static Cosine defaults() {
            return new Cosine(0, 0.0);
        }

        @Override
        public double factor(long step, long totalSteps) {
            double done = progress(step, finalShare > 0.0 ? totalSteps : totalSteps + 1, warmupSteps);
            double share = finalShare + (1.0 - finalShare) * 0.5 * (1.0 + StrictMath.cos(StrictMath.PI * done));
            return warmup(step, warmupSteps) * share;
        }
    }

    private static double warmup(long step, int warmupSteps) {
        return warmupSteps == 0 ? 1.0 : Math.min(1.0, (double) step / warmupSteps);
    }

    /** Share of the updates after the warm-up that are done, in [0, 1]. */
    private static double progress(long step, long totalSteps, int warmupSteps) {
        long span = Math.max(totalSteps - warmupSteps, 1);
        return Math.min(1.0, Math.max(0.0, (double) (step - warmupSteps) / span));
    }

    private static void requireWarmup(int steps) {
        if (steps < 0) {
            throw new IllegalArgumentException("warmupSteps is " + steps + ", but must be at least 0");
        }
    }

    private static void requireShare(double share) {
        if (!(share >= 0.0 && share <= 1.0)) {
            throw new IllegalArgumentException("finalShare is " + share + ", but must lie in [0, 1]");
        }
    }
}
