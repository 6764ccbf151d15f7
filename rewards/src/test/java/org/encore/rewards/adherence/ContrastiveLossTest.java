package org.encore.rewards.adherence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.rewards.networks.Matrix;
import org.junit.jupiter.api.Test;

final class ContrastiveLossTest {
    private static final double LOG_SCALE = 1.2;

    private static Matrix drawn(int rows, int index) {
        RandomGenerator random = new RandomStreams(4).stream(Purpose.INITIALISATION, index);
        Matrix matrix = Matrix.zeros(rows, 3);
        for (int i = 0; i < matrix.values().length; i++) {
            matrix.values()[i] = (float) random.nextGaussian();
        }
        return matrix;
    }

    /** Of the five captions, the last two belong to no clip; caption 1 happens to be true of clip 0. */
    private static boolean[][] competes() {
        boolean[][] competes = new boolean[3][5];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 5; j++) {
                competes[i][j] = i != j && !(i == 0 && j == 1);
            }
        }
        return competes;
    }

    /**
     * Clips (1, 0) and (0, 2), captions (3, 0) and (1, 1): cosines 1, r, 0, r with r = 1/sqrt(2), scale 2. From clips:
     * log(1 + e^(2r-2)) and log(1 + e^(0-2r)); from captions: log(1 + e^(0-2)) and log(1 + e^0).
     */
    @Test
    void isTheMeanOfBothDirections() {
        Matrix audio = new Matrix(2, 2, new float[] {1, 0, 0, 2});
        Matrix text = new Matrix(2, 2, new float[] {3, 0, 1, 1});
        boolean[][] competes = {{false, true}, {true, false}};
        double r = Math.sqrt(0.5);
        double clips = Math.log1p(Math.exp(2 * r - 2)) + Math.log1p(Math.exp(-2 * r));
        double captions = Math.log1p(Math.exp(-2)) + Math.log(2);
        assertEquals((clips + captions) / 4, new ContrastiveLoss(audio, text, competes, Math.log(2)).loss(), 1e-9);
    }

    /** What does not compete has no part in it, wherever it lies. */
    @Test
    void captionsThatAreTrueByChanceDoNotCount() {
        Matrix audio = new Matrix(1, 2, new float[] {1, 0});
        boolean[][] competes = {{false, true, false}};
        double near = new ContrastiveLoss(audio, new Matrix(3, 2, new float[] {1, 0, 0, 1, 1, 0}), competes, 0).loss();
        double far = new ContrastiveLoss(audio, new Matrix(3, 2, new float[] {1, 0, 0, 1, -1, 0}), competes, 0).loss();
        assertEquals(near, far, 0.0);
        assertEquals(0.5 * Math.log1p(Math.exp(-1)), near, 1e-12);
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        Matrix audio = drawn(3, 0);
        Matrix text = drawn(5, 1);
        ContrastiveLoss loss = new ContrastiveLoss(audio, text, competes(), LOG_SCALE);
        assertDerivative(audio, loss.byAudio(), () -> value(audio, text, LOG_SCALE));
        assertDerivative(text, loss.byText(), () -> value(audio, text, LOG_SCALE));
        double step = 1e-5;
        assertEquals(
                (value(audio, text, LOG_SCALE + step) - value(audio, text, LOG_SCALE - step)) / (2 * step),
                loss.byLogScale(),
                1e-8);
    }

    private static double value(Matrix audio, Matrix text, double logScale) {
        return new ContrastiveLoss(audio, text, competes(), logScale).loss();
    }

    /** The loss is computed in 64 bits; only the step is rounded to 32, so that what was really moved is divided by. */
    private static void assertDerivative(Matrix at, Matrix derivative, DoubleSupplier loss) {
        for (int i = 0; i < at.values().length; i++) {
            float kept = at.values()[i];
            at.values()[i] = kept + 1e-3f;
            double above = at.values()[i];
            double up = loss.getAsDouble();
            at.values()[i] = kept - 1e-3f;
            double down = loss.getAsDouble();
            double difference = (up - down) / (above - at.values()[i]);
            at.values()[i] = kept;
            assertEquals(difference, derivative.values()[i], 1e-6, "element " + i);
        }
    }
}
