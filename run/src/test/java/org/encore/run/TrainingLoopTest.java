package org.encore.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.run.TrainingLoop.TrainingStoppedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingLoopTest {
    @TempDir
    private Path temporary;

    private RunDirectory directory;
    private boolean stopped;

    /** Adds the numbers of its steps; saves every third. */
    private final class Sum implements Training {
        private long sum;

        @Override
        public String kind() {
            return "sum";
        }

        @Override
        public long steps() {
            return 7;
        }

        @Override
        public int checkpointEvery() {
            return 3;
        }

        @Override
        public void load(Path checkpoint, JsonNode state) {
            sum = state.path("sum").asLong();
        }

        @Override
        public void save(Path checkpoint, ObjectNode state) {
            state.put("sum", sum);
        }

        @Override
        public Map<String, Double> step(long step) {
            sum += step;
            stopped = step == 4;
            return Map.of("sum", (double) sum);
        }

        @Override
        public String summary(Map<String, Double> metrics) {
            return "";
        }
    }

    @BeforeEach
    void create() throws IOException {
        directory = RunDirectory.create(temporary.resolve("run"));
    }

    private TrainingLoop loop(Training training, Optional<Path> from) {
        return new TrainingLoop(
                "sum", training, new RunContext(directory, from, Progress.none(), Clock.systemUTC(), () -> stopped));
    }

    @Test
    void whoAsksToStopGetsTheStepFinishedAndSaved() throws IOException {
        TrainingStoppedException stop =
                assertThrows(TrainingStoppedException.class, () -> loop(new Sum(), Optional.empty())
                        .run());
        assertEquals(4, stop.step());
        assertEquals(OptionalLong.of(4), directory.lastCheckpointStep());
        stopped = false;
        Sum resumed = new Sum();
        // It asks again after its fourth step only, which is done.
        assertEquals(7, loop(resumed, directory.lastCheckpoint()).run());
        assertEquals(28, resumed.sum);
        assertEquals(7, Files.readAllLines(directory.metrics()).size());
    }

    @Test
    void beforeTheFirstStepThereIsNothingToSave() throws IOException {
        stopped = true;
        assertEquals(
                0,
                assertThrows(TrainingStoppedException.class, () -> loop(new Sum(), Optional.empty())
                                .run())
                        .step());
        assertTrue(directory.lastCheckpoint().isEmpty());
    }
}
