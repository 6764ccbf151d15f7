package org.encore.benchmarks.comparison;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.commons.math3.stat.StatUtils;
import org.encore.benchmarks.children.Repetition;
import org.encore.benchmarks.engines.Work;

/**
 * Everything a comparison measured.
 *
 * @param machine what it ran on
 * @param encore description of our side
 * @param libtorch description of the peer
 * @param agreement proof that both did the same
 * @param encoreProductRate operations a second of large products on all cores, by the library that Encore multiplies with
 * @param libtorchProductRate the same by the peer's
 * @param works the results
 */
public record ComparisonReport(
        MachineFacts machine,
        String encore,
        String libtorch,
        Agreement agreement,
        double encoreProductRate,
        double libtorchProductRate,
        List<WorkResult> works) {
    /** Rows of the square matrices that the product rate is measured with. */
    public static final int PRODUCT_SIZE = 1024;

    public ComparisonReport {
        works = List.copyOf(works);
    }

    /** What this machine makes of large products: the better of the two. */
    public double productRate() {
        return Math.max(encoreProductRate, libtorchProductRate);
    }

    /** The report as it is written to a file. */
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("machine", machine.facts());
        facts.put("encore", encore);
        facts.put("libtorch", libtorch);
        facts.put("agreement", agreementFacts());
        Map<String, Object> rates = new LinkedHashMap<>();
        rates.put("matrix_rows", PRODUCT_SIZE);
        rates.put("encore_operations_per_second", encoreProductRate);
        rates.put("libtorch_operations_per_second", libtorchProductRate);
        facts.put("product_rate", rates);
        facts.put("works", works.stream().map(work -> work.facts(productRate())).toList());
        return facts;
    }

    private Map<String, Object> agreementFacts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("encore_loss", agreement.encore().loss());
        facts.put("libtorch_loss", agreement.libtorch().loss());
        facts.put("encore_gradient_norm", agreement.encore().gradientNorm());
        facts.put("libtorch_gradient_norm", agreement.libtorch().gradientNorm());
        facts.put("played_by_encore_difference", agreement.playedByEncore());
        facts.put("played_by_libtorch_difference", agreement.playedByLibtorch());
        return facts;
    }

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

    /**
     * What one side needed for one piece of work.
     *
     * @param threads shards of Encore, or threads of LibTorch
     * @param repetitions in their order
     * @param peakBytes the most physical memory of its process; 0 where the system does not say
     * @param heapBytesPerStep bytes that a step allocated on the Java heap, if that was measured
     */
    public record SideResult(
            int threads, List<Repetition> repetitions, long peakBytes, OptionalDouble heapBytesPerStep) {
        public SideResult {
            repetitions = List.copyOf(repetitions);
            if (repetitions.isEmpty()) {
                throw new IllegalArgumentException("a result needs at least one repetition");
            }
        }

        private double[] seconds() {
            return repetitions.stream().mapToDouble(Repetition::seconds).toArray();
        }

        /** Median time of repetitions. */
        static double medianSeconds(List<Repetition> repetitions) {
            return StatUtils.percentile(
                    repetitions.stream().mapToDouble(Repetition::seconds).toArray(), 50.0);
        }

        /** Median time of a repetition. */
        public double medianSeconds() {
            return medianSeconds(repetitions);
        }

        /** Shortest time. */
        public double minSeconds() {
            return StatUtils.min(seconds());
        }

        /** Longest time. */
        public double maxSeconds() {
            return StatUtils.max(seconds());
        }

        /** Median of the bytes that a repetition allocated on the Java heap. */
        public double medianHeapBytes() {
            return StatUtils.percentile(
                    repetitions.stream().mapToDouble(Repetition::heapBytes).toArray(), 50.0);
        }

        Map<String, Object> facts(int tokens, double operations, double productRate) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("threads", threads);
            facts.put("seconds_median", medianSeconds());
            facts.put("seconds_min", minSeconds());
            facts.put("seconds_max", maxSeconds());
            facts.put(
                    "seconds_all", repetitions.stream().map(Repetition::seconds).toList());
            facts.put("tokens_per_second", tokens / medianSeconds());
            facts.put("share_of_product_rate", operations / medianSeconds() / productRate);
            facts.put("peak_resident_bytes", peakBytes > 0 ? peakBytes : null);
            facts.put("java_heap_bytes_per_repetition", Math.round(medianHeapBytes()));
            facts.put("java_heap_bytes_per_step", heapBytesPerStep.isPresent() ? heapBytesPerStep.getAsDouble() : null);
            return facts;
        }
    }
}
