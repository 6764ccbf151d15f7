package org.encore.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.encore.trainer.advantages.AdvantageEstimator;
import org.encore.trainer.advantages.AdvantageEstimator.AdvantageInputs;
import org.encore.trainer.advantages.AdvantageEstimator.BestOfGroup;
import org.encore.trainer.advantages.AdvantageEstimator.Gae;
import org.encore.trainer.advantages.AdvantageEstimator.GroupNormalised;
import org.encore.trainer.advantages.AdvantageEstimator.LeaveOneOut;
import org.encore.trainer.advantages.AdvantageEstimator.ValueBaseline;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.kl.KlController;
import org.encore.trainer.kl.KlController.AdaptiveCoefficient;
import org.encore.trainer.kl.KlController.FixedCoefficient;
import org.encore.trainer.kl.KlPenalty;
import org.encore.trainer.kl.KlPenalty.ExactInLoss;
import org.encore.trainer.kl.KlPenalty.SampledInReward;
import org.encore.trainer.objective.GradientChecks;
import org.encore.trainer.objective.PolicyObjective;
import org.encore.trainer.objective.PolicyObjective.ClippedSurrogate;
import org.encore.trainer.objective.PolicyObjective.Reinforce;
import org.encore.trainer.objective.ValueObjective;
import org.encore.trainer.objective.ValueObjective.ClippedSquaredError;
import org.encore.trainer.objective.ValueObjective.SquaredError;
import org.junit.jupiter.api.Test;

/** Walks the closed sets of the trainer: who adds a variant must register what proves it right. */
class SealedTypesTest {
    private static final List<Class<?>> CLOSED_SETS = List.of(
            AdvantageEstimator.class, KlPenalty.class, KlController.class, PolicyObjective.class, ValueObjective.class);

    /** Two samples of one prompt, of three steps and one step. */
    private static final ValidSteps STEPS = new ValidSteps(new int[] {3, 1}, 3);

    private static final double[][] REWARDS = STEPS.table((b, t) -> 1 + 2 * b + t * t);
    private static final double[][] VALUES = STEPS.table((b, t) -> 0.5 * t - b);

    private static final Map<String, Runnable> CHECKS = checks();

    private static Map<String, Runnable> checks() {
        Map<String, Runnable> checks = new LinkedHashMap<>();
        // Rewards 1, 2, 5 and 3; values 0, 0.5, 1 and -1. Totals 8 and 3.
        checks.put("value-baseline", () -> assertFirst(8, 3 + 1, new ValueBaseline()));
        // Surprises 1.5, 2.5, 4 and 4: 1.5 + 0.95 * (2.5 + 0.95 * 4).
        checks.put("gae", () -> assertFirst(1.5 + 0.95 * (2.5 + 0.95 * 4), 4, new Gae(1, 0.95)));
        checks.put("leave-one-out", () -> assertFirst(5, -5, new LeaveOneOut()));
        checks.put("best-of-group", () -> assertFirst(2, 0, new BestOfGroup()));
        // Mean 5.5, sd = sqrt(2 * 6.25 / 1) = sqrt 12.5.
        checks.put(
                "group-normalised",
                () -> assertFirst(2.5 / (Math.sqrt(12.5) + 1), -2.5 / (Math.sqrt(12.5) + 1), new GroupNormalised(1)));
        checks.put("exact-in-loss", () -> assertExpectedPenalty(0.4, 0.6, new ExactInLoss()));
        checks.put("sampled-in-reward", () -> assertExpectedPenalty(0.4, 1.0, SampledInReward.defaults()));
        checks.put("fixed-coefficient", () -> assertNext(0.3, new FixedCoefficient(0.3)));
        checks.put("adaptive-coefficient", () -> assertNext(0.3 * 1.02, new AdaptiveCoefficient(0.3, 5, 100, 1)));
        checks.put("reinforce", () -> GradientChecks.policy(new Reinforce()));
        checks.put("clipped-surrogate", () -> GradientChecks.policy(new ClippedSurrogate(0.2)));
        checks.put("squared-error", () -> GradientChecks.value(new SquaredError()));
        checks.put("clipped-squared-error", () -> GradientChecks.value(new ClippedSquaredError(0.3)));
        return checks;
    }

    @Test
    void everyVariantHasItsCheckAndNoCheckIsLeftOver() {
        Set<String> names = new TreeSet<>();
        for (Class<?> set : CLOSED_SETS) {
            for (Class<?> variant : set.getPermittedSubclasses()) {
                assertTrue(names.add(kebab(variant)), variant + " shares its name with another variant");
            }
        }
        assertEquals(13, names.size());
        assertEquals(new TreeSet<>(CHECKS.keySet()), names);
        CHECKS.values().forEach(Runnable::run);
    }

    @Test
    void everyVariantIsARecordWithDefaults() throws ReflectiveOperationException {
        for (Class<?> set : CLOSED_SETS) {
            assertTrue(set.isInstance(set.getMethod("defaults").invoke(null)), set::toString);
            for (Class<?> variant : set.getPermittedSubclasses()) {
                assertTrue(variant.isRecord(), variant::toString);
                Method defaults = variant.getMethod("defaults");
                assertTrue(Modifier.isStatic(defaults.getModifiers()), variant::toString);
                assertEquals(variant, defaults.getReturnType());
                assertNotNull(defaults.invoke(null));
            }
        }
    }

    private static String kebab(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    private static void assertFirst(double first, double second, AdvantageEstimator estimator) {
        double[][] advantages = estimator
                .estimate(AdvantageInputs.of(STEPS, REWARDS).withValues(VALUES).withGroups(0, 0))
                .advantages();
        assertEquals(first, advantages[0][0], 1e-12);
        assertEquals(second, advantages[1][0], 1e-12);
    }

    /**
     * Charges the divergence between two distributions of three actions, by reward and by loss, at coefficient 0.4.
     *
     * <p>Whatever the penalty, reward in expectation and exact loss together must charge it once.
     */
    private static void assertExpectedPenalty(double charged, double policyWeight, KlPenalty penalty) {
        double[] pi = {0.5, 0.3, 0.2};
        double[] pi0 = {0.2, 0.3, 0.5};
        ValidSteps actions = ValidSteps.full(3, 1);
        double[][] rewards = penalty.rewards(
                0.4, actions, actions.table((a, t) -> Math.log(pi[a])), actions.table((a, t) -> Math.log(pi0[a])));
        double exact = 0.3 * Math.log(2.5);
        double inReward = -actions.sum((a, t) -> pi[a] * rewards[a][t]);
        assertEquals(charged * exact, inReward + penalty.lossWeight(0.4) * exact, 1e-12);
        assertEquals(policyWeight, penalty.policyWeight(0.4), 1e-12);
    }

    /** Twice the wanted divergence, measured on ten sequences. */
    private static void assertNext(double expected, KlController controller) {
        assertEquals(0.3, controller.initial(), 0.0);
        assertTrue(expected <= controller.largest());
        assertEquals(expected, controller.next(0.3, 10, 10), 1e-12);
    }
}
