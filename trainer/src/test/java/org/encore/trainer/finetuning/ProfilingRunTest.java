package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.encore.trainer.RunFiles;
import org.encore.trainer.finetuning.ProfileWatch.Profiling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that profile their policy. */
class ProfilingRunTest {
    @TempDir
    private Path directory;

    @Test
    void profilingIsDueWhenItIsDueAndChangesNothing() throws IOException {
        Path with = directory.resolve("with");
        Path without = directory.resolve("without");
        Rehearsal.whole(new Plan().steps(5).profile(new Profiling(2, 3, 6, 8, 0.0)), with);
        Rehearsal.whole(new Plan().steps(5), without);
        assertEquals(
                RunFiles.digests(without.resolve("checkpoints/step-5")),
                RunFiles.digests(with.resolve("checkpoints/step-5")));
        List<Map<String, Object>> metrics = RunFiles.metrics(with);
        for (int step = 1; step <= 5; step++) {
            Map<String, Object> line = metrics.get(step - 1);
            boolean due = step % 2 == 0 || step == 5;
            for (String name : List.of("peak", "assimilation", "recovery", "recovery_codes", "outside", "warning")) {
                assertEquals(due, line.get("profile/" + name) instanceof Number, step + " " + name);
            }
            assertEquals(due, line.get("timing_s/profile") instanceof Number);
            assertFalse(RunFiles.metrics(without).get(step - 1).containsKey("profile/peak"));
        }
        assertNotEquals(metrics.get(1).get("profile/peak"), metrics.get(3).get("profile/peak"));
    }
}
