package org.encore.benchmarks.steering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.encore.benchmarks.engines.Task;
import org.encore.benchmarks.steering.SteeringCost.Way;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.run.Progress;
import org.junit.jupiter.api.Test;

class SteeringCostTest {
    @Test
    void everyWayIsTimedAsOftenAsAskedFor() {
        KernelChoice kernels = KernelChoice.best(Precision.SINGLE);
        List<Way> ways = new SteeringCost(Task.Size.REFERENCE, 1, 1).run(2, kernels::open, Progress.none());
        assertEquals(
                List.of("without steering", "watched, strength 0", "SMITIN", "ITI, 4 heads", "without steering again"),
                ways.stream().map(Way::name).toList());
        for (Way way : ways) {
            assertEquals(1, way.seconds().size());
            assertTrue(way.median() > 0.0);
        }
    }

    @Test
    void summariesAreOfAllRepetitions() {
        Way way = new Way("a", List.of(3.0, 1.0, 2.5));
        assertEquals(2.5, way.median());
        assertEquals(1.0, way.min());
        assertEquals(3.0, way.max());
    }
}
