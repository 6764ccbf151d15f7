package org.encore.benchmarks.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.encore.benchmarks.comparison.ComparisonReport.Agreement;
import org.encore.benchmarks.comparison.ComparisonReport.Agreement.DisagreementException;
import org.encore.benchmarks.comparison.ComparisonReport.MachineFacts;
import org.encore.benchmarks.comparison.ComparisonReport.SideResult;
import org.encore.benchmarks.comparison.ComparisonReport.WorkResult;
import org.encore.benchmarks.comparison.EngineComparison.ComparisonSettings;
import org.encore.benchmarks.comparison.EngineProcess.Repetition;
import org.encore.benchmarks.engines.Engine.LossAndNorm;
import org.encore.benchmarks.engines.Task;
import org.encore.benchmarks.engines.Work;
import org.junit.jupiter.api.Test;

final class ComparisonReportTest {
    private static final MachineFacts MACHINE = new MachineFacts("a processor", 2, 8, "a system", "17", -1);
    private static final LossAndNorm PASS = new LossAndNorm(7.5, 2.0);
    private static final Agreement AGREED = new Agreement(PASS, PASS, 0.0, 0.0);

    @Test
    void ratiosAndSharesFollowFromTheMedians() {
        // Medians: 2 s and 3 s. 400 operations in 2 s are 200 a second, a quarter of the better rate of 800.
        WorkResult work = new WorkResult(
                new Task(Task.Size.REFERENCE, Work.TRAIN),
                400.0,
                side(2, 10_000, 9.0, 2.0, 1.0),
                side(1, 0, 3.0, 2.5, 4.0),
                Map.of(1, 3.0));
        JsonNode facts = json(new ComparisonReport(MACHINE, "A", "B", AGREED, 800.0, 500.0, List.of(work)));
        JsonNode train = facts.at("/works/0");
        assertEquals("train", train.at("/work").asText());
        assertEquals(1.5, train.at("/speed_ratio").asDouble(), 1e-12);
        assertEquals(0.25, train.at("/encore/share_of_product_rate").asDouble(), 1e-12);
        assertEquals(
                400.0 / 3.0 / 800.0, train.at("/libtorch/share_of_product_rate").asDouble(), 1e-12);
        assertEquals(2048.0, train.at("/encore/tokens_per_second").asDouble(), 1e-9);
        assertEquals(1.0, train.at("/encore/seconds_min").asDouble());
        assertEquals(9.0, train.at("/encore/seconds_max").asDouble());
        assertEquals("[9.0,2.0,1.0]", train.at("/encore/seconds_all").toString());
        assertEquals(10_000, train.at("/encore/peak_resident_bytes").asLong());
        assertTrue(train.at("/libtorch/peak_resident_bytes").isNull(), "unknown, and not 0");
        assertEquals(20, train.at("/encore/java_heap_bytes_per_repetition").asLong());
        assertEquals(1.5, train.at("/encore/java_heap_bytes_per_step").asDouble());
        assertTrue(train.at("/libtorch/java_heap_bytes_per_step").isNull(), "unknown, and not 0");
        assertTrue(facts.at("/machine/load_before").isNull(), "unknown, and not negative");
    }

    @Test
    void anEvenNumberOfRunsHasTheMeanOfTheMiddleTwo() {
        assertEquals(2.5, side(1, 0, 4.0, 1.0, 2.0, 3.0).medianSeconds(), 1e-12);
    }

    @Test
    void theLeastDifferenceThatMattersIsRefused() {
        AGREED.require();
        assertRefused("mean cross-entropy", new LossAndNorm(7.5002, 2.0), 0.0, 0.0);
        assertRefused("mean cross-entropy", new LossAndNorm(Double.NaN, 2.0), 0.0, 0.0);
        assertRefused("gradient norm", new LossAndNorm(7.5, 2.003), 0.0, 0.0);
        assertRefused("what Encore generated", PASS, -2e-4, 0.0);
        assertRefused("what LibTorch generated", PASS, 0.0, Double.NaN);
    }

    @Test
    void settingsSayWhatIsWrong() {
        assertEquals(
                "runs is 0, but must lie in [1, 1000]",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new ComparisonSettings(Task.Size.REFERENCE, List.of(Work.TRAIN), 0, 1))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> new ComparisonSettings(Task.Size.REFERENCE, List.of(), 1, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ComparisonSettings(Task.Size.REFERENCE, List.of(Work.TRAIN, Work.TRAIN), 1, 1));
        // Two works; two settings of the peer with 3 + 2 runs each, 3 of Encore to warm up, then 4 each.
        assertEquals(
                2 * (2 * 5 + 3 + 8),
                new ComparisonSettings(Task.Size.REFERENCE, List.of(Work.TRAIN, Work.DECODE), 4, 3).repetitions(2));
    }

    @Test
    void theMachineIsDescribed() throws Exception {
        MachineFacts machine = MachineFacts.look();
        assertTrue(machine.cores() >= 1 && machine.memoryBytes() > 1 << 20, machine.toString());
        assertNull(MACHINE.facts().get("load_before"));
    }

    private static void assertRefused(String what, LossAndNorm encore, double byEncore, double byPeer) {
        Agreement agreement = new Agreement(encore, PASS, byEncore, byPeer);
        String said =
                assertThrows(DisagreementException.class, agreement::require).getMessage();
        assertTrue(said.contains(what), said);
    }

    private static SideResult side(int threads, long peakBytes, double... seconds) {
        List<Repetition> repetitions = Arrays.stream(seconds)
                .mapToObj(each -> new Repetition(each, Math.round(10 * each)))
                .toList();
        OptionalDouble heapBytesPerStep = peakBytes > 0 ? OptionalDouble.of(1.5) : OptionalDouble.empty();
        return new SideResult(threads, repetitions, peakBytes, heapBytesPerStep);
    }

    private static JsonNode json(ComparisonReport report) {
        return JsonMapper.builder().build().valueToTree(report.facts());
    }
}
