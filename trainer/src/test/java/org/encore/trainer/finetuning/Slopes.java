package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;

/** Central differences of a loss by the weights of a model in 64 bits. */
final class Slopes {
    private static final double STEP = 1e-5;
    /** Gradients are of the order 1e-2; truncation at this step is of the order 1e-10. */
    private static final double TOLERANCE = 1e-8;

    private Slopes() {}

    /** Compares two elements of every parameter: the one with the largest gradient, and another. */
    static void assertAgree(MusicTransformer model, DoubleSupplier loss, double[] gradient) {
        double[] weights = Bench.weightsOf(model);
        RandomGenerator random = new RandomStreams(29).stream(Purpose.NOISE);
        int checked = 0;
        for (ParameterLayout.Entry e : model.parameters().layout().entries()) {
            int largest = largest(gradient, e);
            assertTrue(Math.abs(gradient[largest]) > 1e-5, e.name() + " takes no part");
            for (int place : new int[] {largest, e.offset() + random.nextInt(e.size())}) {
                assertEquals(slope(model, loss, weights, place), gradient[place], TOLERANCE, e.name());
                checked++;
            }
        }
        assertTrue(checked > 60, "only " + checked + " elements were checked");
    }

    private static int largest(double[] gradient, ParameterLayout.Entry e) {
        int largest = e.offset();
        for (int i = e.offset(); i < e.offset() + e.size(); i++) {
            largest = Math.abs(gradient[i]) > Math.abs(gradient[largest]) ? i : largest;
        }
        return largest;
    }

    private static double slope(MusicTransformer model, DoubleSupplier loss, double[] weights, int place) {
        double[] moved = weights.clone();
        moved[place] = weights[place] + STEP;
        model.kernels().write(model.parameters().flat(), moved);
        double above = loss.getAsDouble();
        moved[place] = weights[place] - STEP;
        model.kernels().write(model.parameters().flat(), moved);
        double below = loss.getAsDouble();
        model.kernels().write(model.parameters().flat(), weights);
        return (above - below) / (2 * STEP);
    }
}
