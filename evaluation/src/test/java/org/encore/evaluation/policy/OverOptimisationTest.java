package org.encore.evaluation.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;
import org.junit.jupiter.api.Test;

class OverOptimisationTest {
    private static final Interval UP = new Interval(0.5, 0.4, 0.6);
    private static final Interval DOWN = new Interval(-0.25, -0.3, -0.2);
    private static final Interval UNSURE = new Interval(-0.1, -0.3, 0.1);

    private static Optional<OverOptimisation> of(String figure, Interval reward, Interval referee) {
        return OverOptimisation.of(List.of("audio-quality"), Map.of("audio-quality", reward, figure, referee));
    }

    @Test
    void aRisenRewardAndAWorseRefereeAreNamed() {
        assertEquals(
                "Over-optimisation: audio-quality (+0.5000 [+0.4000, +0.6000]) rose while the referee's consonance"
                        + " (-0.2500 [-0.3000, -0.2000]) got worse.",
                of("consonance", UP, DOWN).orElseThrow().sentence());
        assertTrue(of("adherence", UP, DOWN).isPresent());
        assertTrue(of("in_key", UP, DOWN).isPresent());
    }

    @Test
    void emptyBeatsAreWorseWhenTheyRise() {
        assertTrue(of("empty_beats", UP, UP).isPresent());
        assertTrue(of("empty_beats", UP, DOWN).isEmpty());
    }

    /** A policy that stops ending its pieces, whatever it is paid for. */
    @Test
    void piecesWithoutAnEndAreWorse() {
        assertTrue(of("clipped_ratio", UP, new Interval(0.05, 0.02, 0.08)).isPresent());
        assertTrue(of("clipped_ratio", UP, new Interval(0.05, -0.02, 0.12)).isEmpty());
        assertTrue(of("clipped_ratio", UP, DOWN).isEmpty());
    }

    @Test
    void chanceIsNotEnough() {
        assertTrue(of("consonance", UP, UNSURE).isEmpty());
        assertTrue(of("consonance", UNSURE, DOWN).isEmpty());
        assertTrue(of("consonance", DOWN, DOWN).isEmpty());
    }

    @Test
    void whatIsBetterInNoDirectionIsNoWitness() {
        assertTrue(of("seconds", UP, DOWN).isEmpty());
        assertTrue(of("notes_per_second", UP, DOWN).isEmpty());
    }

    @Test
    void whatIsRewardedIsNoWitness() {
        assertTrue(OverOptimisation.of(
                        List.of("audio-quality", "consonance"), Map.of("audio-quality", UP, "consonance", DOWN))
                .isEmpty());
    }

    @Test
    void whatNobodyHearsIsNoLoss() {
        assertTrue(of("consonance", UP, new Interval(-0.009, -0.0095, -0.0085)).isEmpty());
        assertTrue(of("consonance", UP, new Interval(-0.011, -0.0115, -0.0105)).isPresent());
    }

    /** One of four metrics with p = 0.03 is no proof, as it would be alone. */
    @Test
    void severalWitnessesNeedMoreEvidence() {
        Interval hint = new Interval(-0.05, -0.095, -0.005);
        assertTrue(of("consonance", UP, hint).isPresent());
        Map<String, Interval> four = new LinkedHashMap<>();
        four.put("audio-quality", UP);
        four.put("consonance", hint);
        for (String unchanged : List.of("adherence", "in_key", "empty_beats")) {
            four.put(unchanged, new Interval(0.0, -0.05, 0.05));
        }
        assertTrue(OverOptimisation.of(List.of("audio-quality"), four).isEmpty());
    }

    /** A reward rises in 1,000 runs that leave all five metrics as they are; a planted fault of two deviations is seen. */
    @Test
    void cleanRunsRarelyRaiseAnAlarm() {
        int prompts = 64;
        int alarms = 0;
        int seen = 0;
        for (int run = 0; run < 1000; run++) {
            RandomGenerator random = new RandomStreams(run).stream(Purpose.EVALUATION);
            Map<String, Interval> differences = new LinkedHashMap<>();
            differences.put("audio-quality", UP);
            for (String name : List.of("adherence", "consonance", "in_key", "empty_beats", "clipped_ratio")) {
                double[] change = new double[prompts];
                Arrays.setAll(change, i -> 0.2 * random.nextGaussian());
                differences.put(name, new Bootstrap(200, run).mean(change));
            }
            alarms += OverOptimisation.of(List.of("audio-quality"), differences).isPresent() ? 1 : 0;
            double[] fewer = new double[prompts];
            Arrays.setAll(fewer, i -> 0.2 * random.nextGaussian() - 0.15);
            differences.put("adherence", new Bootstrap(200, run).mean(fewer));
            seen += OverOptimisation.of(List.of("audio-quality"), differences).isPresent() ? 1 : 0;
        }
        assertTrue(alarms <= 70, alarms + " alarms in 1,000 clean runs");
        assertTrue(seen >= 980, "only " + seen + " of 1,000 planted faults were seen");
    }
}
