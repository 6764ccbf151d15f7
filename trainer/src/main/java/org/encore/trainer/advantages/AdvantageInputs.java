package org.encore.trainer.advantages;

import org.encore.trainer.advantages.AdvantageEstimator.SampleGroups;
import org.encore.trainer.steps.ValidSteps;

/** What there is to divide credit by: the rewards of every step and, where known, values and groups. */
public final class AdvantageInputs {
    private final ValidSteps steps;
    private final double[][] rewards;
    private final double[][] values;
    private final int[] groups;

    private AdvantageInputs(ValidSteps steps, double[][] rewards, double[][] values, int[] groups) {
        this.steps = steps;
        this.rewards = rewards;
        this.values = values;
        this.groups = groups;
    }

    /**
     * Begins with the rewards.
     *
     * @param rewards reward of each step: the score at the last one, plus the penalty of each if it is part of the
     *     reward
     * @shape rewards {@code [B, S]}
     */
    public static AdvantageInputs of(ValidSteps steps, double[][] rewards) {
        return new AdvantageInputs(steps, steps.require("rewards", rewards), null, null);
    }

    /**
     * Adds the value network's expectation of the return before each step is decided.
     *
     * @shape values {@code [B, S]}
     */
    public AdvantageInputs withValues(double[][] values) {
        return new AdvantageInputs(steps, rewards, steps.require("values", values), groups);
    }

    /**
     * Adds the group of each sample; samples of the same prompt carry the same number.
     *
     * @shape groups {@code [B]}
     */
    public AdvantageInputs withGroups(int... groups) {
        if (groups.length != steps.samples()) {
            throw new IllegalArgumentException(
                    "groups has " + groups.length + " entries, but the batch has " + steps.samples() + " samples");
        }
        return new AdvantageInputs(steps, rewards, values, groups.clone());
    }

    ValidSteps steps() {
        return steps;
    }

    double[][] rewards() {
        return rewards;
    }

    double[][] values() {
        if (values == null) {
            throw new IllegalStateException("the episodes hold no values, but the advantage estimator needs them");
        }
        return values;
    }

    SampleGroups groups() {
        if (groups == null) {
            throw new IllegalStateException("the episodes hold no groups, but the advantage estimator needs them");
        }
        return new SampleGroups(groups);
    }
}
