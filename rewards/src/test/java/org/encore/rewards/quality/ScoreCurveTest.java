package org.encore.rewards.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.encore.music.degradation.AcousticDegradation.Noise;
import org.encore.music.degradation.Damage;
import org.encore.music.degradation.Degradation;
import org.encore.music.degradation.Degradation.Degradations;
import org.encore.music.degradation.MusicalDegradation.Gap;
import org.encore.rewards.quality.RatedClips.ScoreCurve;
import org.junit.jupiter.api.Test;

class ScoreCurveTest {
    private final ScoreCurve curve = new ScoreCurve(
            5.0,
            Map.of(
                    new Gap(), new ScoreCurve.Penalty(0.5, 1.0),
                    new Noise(), new ScoreCurve.Penalty(1.0, 2.0)));

    @Test
    void opinionsFollowTheFormula() {
        assertEquals(5.0, curve.score(Damage.NONE));
        // 1 + 4 (1 - 0.5 · 0.5).
        assertEquals(4.0, curve.score(Damage.of(new Gap(), 0.5)), 1e-12);
        // 1 + 4 (1 - 0.25).
        assertEquals(4.0, curve.score(Damage.of(new Noise(), 0.5)), 1e-12);
        assertEquals(1.0, curve.score(Damage.of(new Noise(), 1.0)), 1e-12);
        // 1 + 4 · 0.75 · 0.75.
        assertEquals(3.25, curve.score(new Damage(Map.of(new Gap(), 0.5, new Noise(), 0.5))), 1e-12);
    }

    @Test
    void theStandardCurveFallsWithEveryDegradation() {
        ScoreCurve standard = ScoreCurve.standard();
        for (Degradation degradation : Degradations.all()) {
            double before = standard.score(Damage.NONE);
            for (double strength = 0.1; strength <= 1.0; strength += 0.1) {
                double opinion = standard.score(Damage.of(degradation, strength));
                assertTrue(opinion < before && opinion >= ScoreCurve.WORST, degradation.name());
                before = opinion;
            }
        }
    }

    @Test
    void whatItDoesNotKnowIsRefused() {
        ScoreCurve none = new ScoreCurve(4.0, Map.of());
        assertEquals(
                "the curve has no penalty for silence, but needs one for every degradation of the clip",
                assertThrows(IllegalArgumentException.class, () -> none.score(Damage.of(new Gap(), 0.5)))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new ScoreCurve(6.0, Map.of()));
        assertThrows(IllegalArgumentException.class, () -> new ScoreCurve.Penalty(0.0, 1.0));
    }
}
