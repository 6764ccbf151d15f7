package org.encore.benchmarks.comparison;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
}
