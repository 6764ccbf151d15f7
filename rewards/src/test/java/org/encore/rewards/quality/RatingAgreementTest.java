package org.encore.rewards.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.encore.rewards.quality.QualityMeasures.RatingAgreement;
import org.encore.rewards.quality.RatedClips.Rating;
import org.junit.jupiter.api.Test;

class RatingAgreementTest {
    @Test
    void ratersWhoAgreeSetNoCeiling() {
        List<Rating> ratings =
                List.of(new Rating(1.0, List.of(1, 1)), new Rating(3.0, List.of(3, 3)), new Rating(5.0, List.of(5, 5)));
        assertEquals(1.0, RatingAgreement.ceiling(ratings), 1e-12);
        assertEquals(1.0, RatingAgreement.reliability(ratings), 1e-12);
    }

    @Test
    void reliabilityIsThatOfAOneWayAnalysis() {
        List<Rating> ratings =
                List.of(new Rating(1.0, List.of(1, 3)), new Rating(3.0, List.of(2, 4)), new Rating(5.0, List.of(4, 4)));
        // Means 2, 3, 4 about 3: between 2 (1 + 0 + 1) = 4 over 2; within 2 + 2 + 0 = 4 over 3.
        assertEquals((2.0 - 4.0 / 3.0) / 2.0, RatingAgreement.reliability(ratings), 1e-12);
        assertEquals(1.0, RatingAgreement.ceiling(ratings), 1e-12);
    }

    @Test
    void agreementIsThatOfScoresAndMeans() {
        List<Rating> ratings = List.of(
                new Rating(1.0, List.of(1, 1)),
                new Rating(2.0, List.of(2, 2)),
                new Rating(3.0, List.of(3, 3)),
                new Rating(4.0, List.of(4, 4)));
        RatingAgreement agreement = RatingAgreement.of(new double[] {2, 1, 4, 3}, ratings);
        // Deviations from 2.5: -0.5 -1.5 1.5 0.5 and -1.5 -0.5 0.5 1.5; 3 over 5.
        assertEquals(0.6, agreement.pearson().value(), 1e-12);
        assertEquals(0.6, agreement.spearman(), 1e-12);
        assertEquals(1.0, agreement.rmse(), 1e-12);
        assertEquals(4, agreement.named().get("clips"));
    }
}
