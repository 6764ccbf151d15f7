package org.encore.benchmarks.comparison;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.commons.math3.stat.StatUtils;
import org.encore.benchmarks.comparison.EngineProcess.Repetition;
import org.encore.benchmarks.engines.Engine.Decoded;
import org.encore.benchmarks.engines.Engine.LossAndNorm;
import org.encore.benchmarks.engines.Task;

/**
 * Everything a comparison measured.
 *
 * @param machine what it ran on
 * @param encore description of our side
 * @param libtorch description of the peer
 * @param agreement evidence that both compute the same
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

    /** Rate of large products on this machine: the better of the two. */
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
        facts.put("generated_by_encore_difference", agreement.generatedByEncore());
        facts.put("generated_by_libtorch_difference", agreement.generatedByLibtorch());
        return facts;
    }

    /**
     * Both sides on one piece of work.
     *
     * @param task what was done
     * @param operations multiplications and additions of its products
     * @param encore our side
     * @param libtorch the peer with the better of its thread settings
     * @param trials median seconds of the peer by number of threads, from which the better was chosen
     */
    public record WorkResult(
            Task task, double operations, SideResult encore, SideResult libtorch, Map<Integer, Double> trials) {
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
            facts.put("work", task.id());
            facts.put("size", task.size().id());
            facts.put("sequences", task.sequences());
            facts.put("steps", task.steps());
            facts.put("product_operations", operations);
            facts.put("speed_ratio", speedRatio());
            facts.put("encore", encore.facts(task.tokens(), operations, productRate));
            facts.put("libtorch", libtorch.facts(task.tokens(), operations, productRate));
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

    /**
     * The machine of the measurement.
     *
     * @param processor model of the processor, as the system names it
     * @param cores processors that the JVM may use
     * @param memoryBytes physical memory
     * @param system operating system
     * @param java version and vendor
     * @param loadBefore load of the machine over the last minute before the start; negative where the system does not say
     */
    public record MachineFacts(
            String processor, int cores, long memoryBytes, String system, String java, double loadBefore) {
        private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

        /** Describes this machine. */
        public static MachineFacts look() throws IOException {
            com.sun.management.OperatingSystemMXBean system =
                    (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return new MachineFacts(
                    processorModel(),
                    Runtime.getRuntime().availableProcessors(),
                    system.getTotalMemorySize(),
                    System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                            + System.getProperty("os.arch"),
                    System.getProperty("java.version") + ", " + System.getProperty("java.vendor"),
                    system.getSystemLoadAverage());
        }

        private static String processorModel() throws IOException {
            if (!Files.exists(PROCESSORS)) {
                return System.getProperty("os.arch");
            }
            return Files.readAllLines(PROCESSORS).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }

        Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("processor", processor);
            facts.put("cores", cores);
            facts.put("memory_bytes", memoryBytes);
            facts.put("system", system);
            facts.put("java", java);
            facts.put("load_before", loadBefore < 0 ? null : loadBefore);
            return facts;
        }
    }

    /**
     * Results of both sides for the same weights and codes: evidence that they do the same work.
     *
     * @param encore Encore's loss and norm of the gradient
     * @param libtorch the peer's
     * @param generatedByEncore loss of the peer minus loss of Encore on codes that Encore generated, in nats per code
     * @param generatedByLibtorch loss of Encore minus loss of the peer on codes that the peer generated, in nats per code
     */
    public record Agreement(
            LossAndNorm encore, LossAndNorm libtorch, double generatedByEncore, double generatedByLibtorch) {
        /** The most that losses may differ, in nats a code. */
        static final double LOSS_TOLERANCE = 1e-4;
        /** The most that norms may differ, as a share. */
        static final double NORM_TOLERANCE = 1e-3;

        /**
         * Asks both.
         *
         * @throws DisagreementException if they differ by more than rounding
         */
        static Agreement of(Task task, EngineProcess encore, EngineProcess libtorch) {
            int[][] codes = task.codes(Task.CHECK);
            Decoded mine = encore.generate(Task.CHECK.sequences(), Task.CHECK.steps());
            Decoded its = libtorch.generate(Task.CHECK.sequences(), Task.CHECK.steps());
            Agreement agreement = new Agreement(
                    encore.lossAndNorm(codes),
                    libtorch.lossAndNorm(codes),
                    libtorch.loss(mine.codes()) + mine.meanLogProb(),
                    encore.loss(its.codes()) + its.meanLogProb());
            agreement.require();
            return agreement;
        }

        /** Fails unless all differences are small; NaN is no small difference. */
        void require() {
            require("mean cross-entropy", encore.loss(), libtorch.loss(), LOSS_TOLERANCE);
            require(
                    "gradient norm",
                    encore.gradientNorm(),
                    libtorch.gradientNorm(),
                    NORM_TOLERANCE * libtorch.gradientNorm());
            require("likelihood of what Encore generated", generatedByEncore, 0.0, LOSS_TOLERANCE);
            require("likelihood of what LibTorch generated", generatedByLibtorch, 0.0, LOSS_TOLERANCE);
        }

        private static void require(String what, double mine, double its, double tolerance) {
            if (!(Math.abs(mine - its) <= tolerance)) {
                throw new DisagreementException(String.format(
                        Locale.ROOT,
                        "the two sides do not compute the same: %s is %.6f on Encore and %.6f on LibTorch, but may differ by %.1e"
                                + " at most; their speed was not compared",
                        what,
                        mine,
                        its,
                        tolerance));
            }
        }

        /** The two sides do not compute the same, so that their speed says nothing. */
        public static final class DisagreementException extends RuntimeException {
            private static final long serialVersionUID = 1L;

            DisagreementException(String message) {
                super(message);
            }
        }
    }
}
