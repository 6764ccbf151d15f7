package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.encore.trainer.RunFiles;
import org.encore.trainer.TinyWorld;
import org.encore.trainer.objective.PolicyObjective.ClippedSurrogate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same seed gives the same bytes; nothing but settings that matter changes them. */
class ReproducibilityTest {
    private static final String POLICY = "model.safetensors";
    private static final String VALUE = "value/model.safetensors";

    @TempDir
    private static Path world;

    private static Path reference;

    @TempDir
    private Path run;

    private static Plan plan() {
        return new Plan().steps(3).policy(new ClippedSurrogate(0.2), 3e-3).passes(2, 2);
    }

    @BeforeAll
    static void once() throws IOException {
        reference = world.resolve("run");
        Rehearsal.whole(plan(), reference);
    }

    private static Map<String, String> last(Path run) throws IOException {
        return RunFiles.digests(run.resolve("checkpoints/step-3"));
    }

    @Test
    void theSameSeedGivesTheSameBytes() throws IOException {
        Rehearsal.whole(plan(), run);
        assertEquals(last(reference), last(run));
        assertEquals(RunFiles.timelessMetrics(reference), RunFiles.timelessMetrics(run));
        assertEquals(3, RunFiles.metrics(run).size());
        assertNotEquals(
                RunFiles.digests(TinyWorld.base()).get(POLICY),
                last(run).get(POLICY),
                "three iterations must have changed it");
    }

    @Test
    void theNumberOfThreadsChangesNothing() throws IOException {
        Rehearsal.inThreads(1, plan(), run);
        assertEquals(last(reference), last(run));
        assertEquals(RunFiles.timelessMetrics(reference), RunFiles.timelessMetrics(run));
    }

    @Test
    void anotherSeedGivesOthers() throws IOException {
        Rehearsal.whole(plan().seed(8), run);
        assertNotEquals(last(reference).get(POLICY), last(run).get(POLICY));
        assertNotEquals(last(reference).get(VALUE), last(run).get(VALUE));
        assertNotEquals(RunFiles.timelessMetrics(reference), RunFiles.timelessMetrics(run));
    }

    @Test
    void lookingDoesNotChangeWhatIsLookedAt() throws IOException {
        Rehearsal.whole(plan().evaluation(5, 3, 1, 1).checkpointEvery(1), run);
        assertEquals(last(reference), last(run));
        assertEquals(RunFiles.timelessMetrics(reference), RunFiles.timelessMetrics(run));
    }
}
