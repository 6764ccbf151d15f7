package org.encore.model.kernels.simd.rows;

import static org.encore.model.kernels.simd.memory.Floats.SPECIES;

import jdk.incubator.vector.FloatVector;
import org.encore.model.kernels.AdamWStep;
import org.encore.model.kernels.simd.memory.Floats;

/** The body of AdamW's loop over the flat vectors. */
final class AdamWLoop {
    private final Floats weights;
    private final Floats gradient;
    private final Floats first;
    private final Floats second;
    private final float gradientScale;
    private final float beta1;
    private final float beta2;
    private final float secondCorrection;
    private final float epsilon;
    private final float rate;
    private final float keep;

    AdamWLoop(AdamWStep step, Floats weights, Floats gradient, Floats first, Floats second) {
        this.weights = weights;
        this.gradient = gradient;
        this.first = first;
        this.second = second;
        this.gradientScale = (float) step.gradientScale();
        this.beta1 = (float) step.beta1();
        this.beta2 = (float) step.beta2();
        this.secondCorrection = (float) step.secondCorrection();
        this.epsilon = (float) step.epsilon();
        this.rate = (float) (step.learningRate() * step.firstCorrection());
        this.keep = (float) (1.0 - step.learningRate() * step.weightDecay());
    }

    void whole(int i) {
        FloatVector g = gradient.load(i).mul(gradientScale);
        FloatVector m = firstMoment(first.load(i), g);
        FloatVector v = secondMoment(second.load(i), g);
        first.store(i, m);
        second.store(i, v);
        weights.store(i, moved(weights.load(i), m, v));
    }

    void part(int i, int count) {
        FloatVector g = gradient.load(i).mul(gradientScale);
        FloatVector m = firstMoment(first.load(i), g);
        FloatVector v = secondMoment(second.load(i), g);
        FloatVector w = moved(weights.load(i), m, v);
        first.storePart(i, count, m);
        second.storePart(i, count, v);
        weights.storePart(i, count, w);
    }

    private FloatVector firstMoment(FloatVector old, FloatVector g) {
        return g.sub(old).fma(FloatVector.broadcast(SPECIES, 1f - beta1), old);
    }

    private FloatVector secondMoment(FloatVector old, FloatVector g) {
        return old.mul(beta2).add(g.mul(g).mul(1f - beta2));
    }

    private FloatVector moved(FloatVector weight, FloatVector m, FloatVector v) {
        FloatVector deviation = v.mul(secondCorrection).sqrt().add(epsilon);
        return weight.mul(keep).sub(m.mul(rate).div(deviation));
    }
}
