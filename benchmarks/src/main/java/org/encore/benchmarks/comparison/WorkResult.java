package org.encore.benchmarks.comparison;

import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.benchmarks.engines.Work;

/**
 * Both sides on one piece of work.
 *
 * @param work what was done
 * @param operations multiplications and additions of its products
 * @param encore our side
 * @param libtorch the peer with the better of its thread settings
 * @param trials median seconds of the peer by number of threads, from which the better was chosen
 */
public record WorkResult(
        Work work, double operations, SideResult encore, SideResult libtorch, Map<Integer, Double> trials) {
    public WorkResult {
        trials = new LinkedHashMap<>(trials);
    }

    /** Median time of the peer by that of Encore: above 1 Encore is faster. */
    public double speedRatio() {
        return libtorch.medianSeconds() / encore.medianSeconds();
    }

    /** What share of the rate of large products a side's median time makes of the work's operations. */
    public double productShare(SideResult side, double productRate) {
        return operations / side.medianSeconds() / productRate;
    }

    Map<String, Object> facts(double productRate) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("work", work.id());
        facts.put("sequences", work.sequences());
        facts.put("steps", work.steps());
        facts.put("product_operations", operations);
        facts.put("speed_ratio", speedRatio());
        facts.put("encore", encore.facts(work.tokens(), operations, productRate));
        facts.put("libtorch", libtorch.facts(work.tokens(), operations, productRate));
        facts.put("libtorch_trial_seconds_by_threads", trials);
        return facts;
    }
}
