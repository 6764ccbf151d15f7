package org.encore.evaluation.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
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
}
