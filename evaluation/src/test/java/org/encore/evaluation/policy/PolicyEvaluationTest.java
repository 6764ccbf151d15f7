package org.encore.evaluation.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.encore.evaluation.policy.HeldOutEvaluation.PolicyEvaluation;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;
import org.junit.jupiter.api.Test;

class PolicyEvaluationTest {
    private static final double NONE = Double.NaN;
    private static final List<String> PROMPTS = List.of("a", "b", "c", "d");

    private final PolicyEvaluation before =
            new PolicyEvaluation(Map.of("score", new double[] {0.1, 0.9, 0.4, NONE}), Map.of("loss", 2.0));
    private final PolicyEvaluation after =
            new PolicyEvaluation(Map.of("score", new double[] {0.2, 1.0, NONE, 0.7}), Map.of("loss", 1.5));

    @Test
    void figuresAreMeansOverWhatIsThere() {
        assertEquals(1.4 / 3, before.metrics().get("score"), 1e-12);
        assertEquals(2.0, before.metrics().get("loss"));
    }

    /** Prompts that both policies have a score for gained 0.1 each, so every draw of them does. */
    @Test
    void differencesArePairedByPrompt() {
        Interval gain = after.minus(before, PROMPTS, new Bootstrap(200, 3)).get("score");
        assertEquals(0.1, gain.value(), 1e-12);
        assertEquals(0.1, gain.low(), 1e-12);
        assertEquals(0.1, gain.high(), 1e-12);
    }

    /** An interval of one prompt would have width 0. */
    @Test
    void onePromptHasNoInterval() {
        PolicyEvaluation one = new PolicyEvaluation(Map.of("score", new double[] {0.5}), Map.of());
        assertEquals(Map.of(), one.minus(one, List.of("a waltz"), new Bootstrap(200, 3)));
    }

    @Test
    void unequalGainsHaveAnIntervalAroundTheirMean() {
        PolicyEvaluation uneven = new PolicyEvaluation(Map.of("score", new double[] {0.5, 0.9, 0.4, 0.5}), Map.of());
        PolicyEvaluation zero = new PolicyEvaluation(Map.of("score", new double[4]), Map.of());
        Interval gain = uneven.minus(zero, PROMPTS, new Bootstrap(500, 3)).get("score");
        assertEquals(0.575, gain.value(), 1e-12);
        assertTrue(gain.low() >= 0.4 && gain.low() < 0.575, gain::toString);
        assertTrue(gain.high() > 0.575 && gain.high() <= 0.9, gain::toString);
    }

    /** 30 prompts of three songs that gain 0.1, 0.2 and 0.6: three pieces of evidence, so that nothing is proved. */
    @Test
    void promptsOfOneSongVaryTogether() {
        double[] gains = IntStream.range(0, 30)
                .mapToDouble(i -> new double[] {0.1, 0.2, 0.6}[i % 3])
                .toArray();
        PolicyEvaluation better = new PolicyEvaluation(Map.of("score", gains), Map.of());
        PolicyEvaluation zero = new PolicyEvaluation(Map.of("score", new double[30]), Map.of());
        Bootstrap bootstrap = new Bootstrap(500, 3);
        List<String> prompts = IntStream.range(0, 30).mapToObj(String::valueOf).toList();
        List<String> songs =
                IntStream.range(0, 30).mapToObj(i -> "song " + i % 3).toList();
        assertTrue(better.minus(zero, prompts, bootstrap).get("score").isAbove(0.2));
        assertTrue(better.minus(zero, songs, bootstrap).get("score").contains(0.0));
    }

    /** A resumed run reads what was measured before it began. */
    @Test
    void survivesBeingWritten() throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper();
        PolicyEvaluation read = json.readValue(json.writeValueAsString(before), PolicyEvaluation.class);
        assertArrayEquals(before.bySample().get("score"), read.bySample().get("score"));
        assertEquals(before.ofAll(), read.ofAll());
    }
}
