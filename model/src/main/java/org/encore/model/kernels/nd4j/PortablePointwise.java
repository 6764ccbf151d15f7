package org.encore.model.kernels.nd4j;

import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.AdamWStep;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Operations without products: normalisation, non-linearities, the optimiser. */
final class PortablePointwise {
    private static final double GELU_TANH_CUBIC = 0.044715;

    private final Scratch scratch;

    PortablePointwise(Scratch scratch) {
        this.scratch = scratch;
    }

    /** Divides each row by the root of its mean square plus epsilon, in place, and keeps the factor. */
    void normalise(NdTensor x, NdTensor inverseDeviation, double epsilon) {
        NdTensor squares = scratch.tensor("products", x.rows(), x.columns());
        x.matrix().muli(x.matrix(), squares.matrix());
        squares.matrix().mean(inverseDeviation.vector(), 1);
        inverseDeviation.vector().addi(epsilon);
        NdOps.inverseRoot(inverseDeviation.vector(), inverseDeviation.vector());
        NdOps.broadcast("multiply", x.matrix(), inverseDeviation.matrix(), x.matrix());
    }

    /** {@code dy = (dy - mean - normalised * mean(dy * normalised)) * inverseDeviation}, in place; mean may be null. */
    void normaliseGradient(NdTensor dy, NdTensor normalised, NdTensor inverseDeviation, NdTensor mean) {
        NdTensor products = scratch.tensor("products", dy.rows(), dy.columns());
        NdTensor correlation = scratch.tensor("correlation", dy.rows(), 1);
        dy.matrix().muli(normalised.matrix(), products.matrix());
        products.matrix().mean(correlation.vector(), 1);
        NdOps.broadcast("multiply", normalised.matrix(), correlation.matrix(), products.matrix());
        dy.matrix().subi(products.matrix());
        if (mean != null) {
            NdOps.broadcast("subtract", dy.matrix(), mean.matrix(), dy.matrix());
        }
        NdOps.broadcast("multiply", dy.matrix(), inverseDeviation.matrix(), dy.matrix());
    }

    void activation(Activation kind, NdTensor x, NdTensor y) {
        INDArray out = y.matrix();
        switch (kind) {
            case GELU -> {
                cumulativeNormal(x, out);
                out.muli(x.matrix());
            }
            case GELU_TANH -> {
                tanhGate(x, out);
                out.addi(1.0).muli(0.5).muli(x.matrix());
            }
            case RELU -> {
                out.assign(x.matrix());
                out.muli(positive(x));
            }
            case ELU -> {
                // max(x, 0) + exp(min(x, 0)) - 1
                NdTensor slope = scratch.tensor("slope", x.rows(), x.columns());
                eluSlope(x, slope.matrix());
                out.assign(x.matrix());
                out.muli(positive(x)).addi(slope.matrix()).subi(1.0);
            }
        }
    }

    void activationGradient(Activation kind, NdTensor x, NdTensor dy) {
        NdTensor slope = scratch.tensor("slope", x.rows(), x.columns());
        NdTensor term = scratch.tensor("slope term", x.rows(), x.columns());
        switch (kind) {
            case GELU -> {
                // d/dx x Φ(x) = Φ(x) + x φ(x)
                x.matrix().muli(x.matrix(), term.matrix());
                term.matrix().muli(-0.5);
                NdOps.exp(term.matrix(), term.matrix());
                term.matrix().muli(x.matrix()).muli(1.0 / Math.sqrt(2.0 * Math.PI));
                cumulativeNormal(x, slope.matrix());
                slope.matrix().addi(term.matrix());
            }
            case GELU_TANH -> tanhSlope(x, slope.matrix(), term.matrix());
            case RELU -> slope.matrix().assign(positive(x));
            case ELU -> eluSlope(x, slope.matrix());
        }
        dy.matrix().muli(slope.matrix());
    }

    /** Φ(x). */
    private static void cumulativeNormal(NdTensor x, INDArray out) {
        x.matrix().muli(Math.sqrt(0.5), out);
        NdOps.erf(out, out);
        out.muli(0.5).addi(0.5);
    }

    /** {@code tanh(√(2/π) (x + 0.044715 x³))}. */
    private static void tanhGate(NdTensor x, INDArray out) {
        x.matrix().muli(x.matrix(), out);
        out.muli(GELU_TANH_CUBIC).addi(1.0).muli(x.matrix()).muli(Math.sqrt(2.0 / Math.PI));
        NdOps.tanh(out, out);
    }

    /** With g the gate and u its argument: {@code 0.5 (1 + g) + 0.5 x (1 - g²) u'}. */
    private static void tanhSlope(NdTensor x, INDArray slope, INDArray term) {
        tanhGate(x, slope);
        slope.muli(slope, term);
        term.rsubi(1.0).muli(0.5).muli(x.matrix());
        slope.addi(1.0).muli(0.5);
        INDArray square = x.matrix().mul(x.matrix());
        square.muli(3.0 * GELU_TANH_CUBIC).addi(1.0).muli(Math.sqrt(2.0 / Math.PI));
        term.muli(square);
        slope.addi(term);
        square.close();
    }

    /** {@code exp(min(x, 0))}. */
    private void eluSlope(NdTensor x, INDArray slope) {
        positive(x).rsubi(1.0).muli(x.matrix(), slope);
        NdOps.exp(slope, slope);
    }

    /** 1 where x is above 0, else 0. */
    private INDArray positive(NdTensor x) {
        NdTensor gate = scratch.tensor("positive", x.rows(), x.columns());
        INDArray indicator = x.matrix().gt(0.0);
        gate.matrix().assign(indicator);
        indicator.close();
        return gate.matrix();
    }

    void adamW(AdamWStep step, INDArray parameters, INDArray gradient, INDArray first, INDArray second) {
        int size = Math.toIntExact(parameters.length());
        INDArray scaled = scratch.tensor("scaled gradient", 1, size).matrix();
        INDArray update = scratch.tensor("update", 1, size).matrix();
        gradient.muli(step.gradientScale(), scaled);
        first.muli(step.beta1());
        scaled.muli(1.0 - step.beta1(), update);
        first.addi(update);
        second.muli(step.beta2());
        scaled.muli(scaled, update);
        second.addi(update.muli(1.0 - step.beta2()));
        second.muli(step.secondCorrection(), update);
        NdOps.squareRoot(update, update);
        update.addi(step.epsilon());
        first.divi(update, update);
        update.muli(step.learningRate() * step.firstCorrection());
        if (step.weightDecay() != 0.0) {
            parameters.muli(1.0 - step.learningRate() * step.weightDecay());
        }
        parameters.subi(update);
    }
}
