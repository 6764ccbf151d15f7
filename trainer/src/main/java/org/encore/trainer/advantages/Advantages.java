package org.encore.trainer.advantages;

/** What an {@link AdvantageEstimator} says about a batch; both tables hold NaN after the valid steps. */
public final class Advantages {
    private final double[][] advantages;
    private final double[][] returns;

    Advantages(double[][] advantages, double[][] returns) {
        this.advantages = advantages;
        this.returns = returns;
    }

    /**
     * How much better each step was than expected.
     *
     * @shape result {@code [B, S]}
     */
    public double[][] advantages() {
        return advantages;
    }

    /**
     * What the value network is fitted to.
     *
     * @shape result {@code [B, S]}
     */
    public double[][] returns() {
        return returns;
    }
}
