package org.encore.benchmarks.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import org.encore.benchmarks.comparison.EngineProcess.ChildFailedException;
import org.encore.benchmarks.comparison.EngineProcess.EngineKind;
import org.encore.benchmarks.engines.Engine.Decoded;
import org.encore.benchmarks.engines.Task;
import org.encore.benchmarks.engines.Work;
import org.junit.jupiter.api.Test;

final class EngineProcessTest {
    @Test
    void aChildAnswersFromAProcessOfItsOwn() throws IOException {
        try (EngineProcess child =
                EngineProcess.open(EngineKind.ENCORE, new Task(Task.Size.REFERENCE, Work.TRAIN), 1)) {
            assertTrue(child.description().startsWith("Encore, "), child.description());
            Decoded decoded = child.generate(2, 16);
            assertEquals(2, decoded.codes().length);
            assertEquals(16, decoded.codes()[0].length);
            assertEquals(-decoded.meanLogProb(), child.loss(decoded.codes()), 1e-4);
            assertEquals(
                    child.loss(decoded.codes()),
                    child.lossAndNorm(decoded.codes()).loss(),
                    1e-5);
            assertTrue(child.productRate(64) > 0.0);
            assertTrue(child.peakBytes() > 50_000_000, "a JVM with a decoder in " + child.peakBytes() + " bytes");
            assertTrue(
                    child.processorTime().compareTo(Duration.ofMillis(100)) > 0,
                    child.processorTime().toString());
            ChildFailedException refused =
                    assertThrows(ChildFailedException.class, () -> child.loss(new int[][] {{Integer.MAX_VALUE, 0}}));
            assertTrue(refused.getMessage().startsWith("the process of encore failed: "), refused.getMessage());
            assertTrue(refused.getMessage().contains("" + Integer.MAX_VALUE), refused.getMessage());
            assertEquals(-decoded.meanLogProb(), child.loss(decoded.codes()), 1e-4, "it continues after a refusal");
        }
    }

    /** The tests' class path has DJL's interface and no engine. */
    @Test
    void aChildThatCannotStartSaysWhy() {
        String said = assertThrows(
                        ChildFailedException.class,
                        () -> EngineProcess.open(EngineKind.LIBTORCH, new Task(Task.Size.REFERENCE, Work.TRAIN), 1))
                .getMessage();
        assertTrue(said.startsWith("the process of libtorch ended early: Exception in thread \"main\""), said);
        assertTrue(said.contains("engine not found: PyTorch"), said);
    }
}
