package org.encore.music.analysis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.encore.music.etudes.Etudes;
import org.encore.music.text.Attributes.Aspect;
import org.junit.jupiter.api.Test;

class RecoverabilityTest {
    private static final int PIECES = 1000;

    @Test
    void trainingTruthIsHeard() {
        requireRecovery(ConfusionTables.of(new Etudes(1)::train, PIECES));
    }

    @Test
    void heldOutTruthIsHeard() {
        requireRecovery(ConfusionTables.of(new Etudes(2)::heldOut, PIECES));
    }

    private static void requireRecovery(ConfusionTables tables) {
        for (Aspect aspect : Aspect.values()) {
            assertTrue(tables.accuracy(aspect) >= 0.95, tables::toString);
        }
        assertTrue(tables.ownMean() >= 0.95, tables::toString);
        assertTrue(tables.otherMean() <= 0.5, tables::toString);
    }
}
