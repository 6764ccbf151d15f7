package org.encore.preferences.listening.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.encore.preferences.listening.turns.Turn.ListeningTime;
import org.encore.preferences.listening.turns.Turn.ListeningTime.Length;
import org.encore.web.Refusal;
import org.junit.jupiter.api.Test;

final class ListeningTimeTest {
    private static final int BYTES = 10 * 1024;

    /** Two clips of ten seconds, of which five must be heard. */
    private final ListeningTime hearing = new ListeningTime(new Length(10.0, BYTES), new Length(10.0, BYTES), 5.0);

    private void deliverAll(long nowMillis) {
        hearing.delivered(0, 0, BYTES, nowMillis);
        hearing.delivered(1, 0, BYTES, nowMillis);
    }

    @Test
    void bothMustBeHeardLongEnough() {
        deliverAll(0);
        hearing.reported(0, 5.0, 5_000);
        assertFalse(hearing.isEnough());
        hearing.reported(1, 4.9, 10_000);
        assertFalse(hearing.isEnough());
        hearing.reported(1, 5.0, 10_000);
        assertTrue(hearing.isEnough());
    }

    /** Five seconds have passed: either five of one clip were heard, or three and two. */
    @Test
    void bothTogetherAreNeverHeardFasterThanTheClock() {
        deliverAll(1_000);
        hearing.reported(0, 9.0, 6_000);
        assertEquals(5.0, hearing.heardSeconds().get(0));
        hearing.reported(1, 9.0, 6_000);
        assertEquals(0.0, hearing.heardSeconds().get(1));
        hearing.reported(1, 9.0, 8_500);
        assertEquals(2.5, hearing.heardSeconds().get(1));
    }

    /** Three blocks of ten are three seconds; the same bytes twice are no more. */
    @Test
    void nothingIsHeardThatWasNotDelivered() {
        hearing.reported(0, 9.0, 100_000);
        assertEquals(0.0, hearing.heardSeconds().get(0));
        hearing.delivered(0, 0, 3 * 1024, 0);
        hearing.delivered(0, 0, 3 * 1024, 0);
        hearing.delivered(0, 100, 100, 0);
        hearing.reported(0, 9.0, 100_000);
        assertEquals(3.0, hearing.heardSeconds().get(0));
    }

    @Test
    void reportsThatGoBackChangeNothing() {
        deliverAll(0);
        hearing.reported(0, 4.0, 10_000);
        hearing.reported(0, 1.0, 11_000);
        assertEquals(4.0, hearing.heardSeconds().get(0));
    }

    @Test
    void ofShortClipsNearlyAllMustBeHeard() {
        ListeningTime brief = new ListeningTime(new Length(2.0, 100), new Length(20.0, 100), 5.0);
        assertEquals(1.9, brief.neededSeconds(0), 1e-12);
        assertEquals(5.0, brief.neededSeconds(1));
    }

    @Test
    void onlyLengthsOfTimeAreAccepted() {
        for (double seconds : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            Refusal refused = assertThrows(Refusal.class, () -> hearing.reported(0, seconds, 0));
            assertEquals(Refusal.Reason.MALFORMED, refused.reason());
        }
    }
}
