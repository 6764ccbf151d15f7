package org.encore.model.kernels.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;

/** The ND4J operations in use, each with a given output. */
final class NdOps {
    private static final int PLAIN = 0;
    private static final int TRANSPOSED = 1;

    private NdOps() {}

    /** {@code c = alpha a b + beta c}, batched over leading axes. */
    static void product(INDArray a, INDArray b, INDArray c, double alpha, double beta) {
        matmul(a, b, c, new double[] {alpha, beta}, PLAIN, PLAIN);
    }

    /** {@code c = alpha a bᵀ + beta c}. */
    static void productRightTransposed(INDArray a, INDArray b, INDArray c, double alpha, double beta) {
        matmul(a, b, c, new double[] {alpha, beta}, PLAIN, TRANSPOSED);
    }

    /** {@code c = alpha aᵀ b + beta c}. */
    static void productLeftTransposed(INDArray a, INDArray b, INDArray c, double alpha, double beta) {
        matmul(a, b, c, new double[] {alpha, beta}, TRANSPOSED, PLAIN);
    }

    private static void matmul(INDArray a, INDArray b, INDArray c, double[] factors, int transposeA, int transposeB) {
        run(DynamicCustomOp.builder("matmul")
                .addInputs(a, b)
                .addOutputs(c)
                .addFloatingPointArguments(factors[0], factors[1])
                .addIntegerArguments(transposeA, transposeB, PLAIN));
    }

    /** {@code c = a op b} with broadcasting; {@code name} is "add", "subtract", "multiply" or "divide". */
    static void broadcast(String name, INDArray a, INDArray b, INDArray c) {
        run(DynamicCustomOp.builder(name).addInputs(a, b).addOutputs(c));
    }

    /** Softmax over the last axis. */
    static void softmax(INDArray x, INDArray y) {
        run(DynamicCustomOp.builder("softmax").addInputs(x).addOutputs(y).addIntegerArguments(-1));
    }

    /** {@code out[i, …] = table[indices[i], …]}. */
    static void gather(INDArray table, INDArray indices, INDArray out) {
        run(DynamicCustomOp.builder("gather")
                .addInputs(table, indices)
                .addOutputs(out)
                .addIntegerArguments(0));
    }

    /** {@code table[indices[i], …] += updates[i, …]}, in order, repeated indices included. */
    static void scatterAdd(INDArray table, INDArray indices, INDArray updates) {
        // The flag serialises updates: repeated indices must not race.
        run(DynamicCustomOp.builder("scatter_add")
                .addInputs(table, indices, updates)
                .addOutputs(table)
                .addBooleanArguments(true));
    }

    static void inverseRoot(INDArray x, INDArray y) {
        Nd4j.getExecutioner().exec(new RSqrt(x, y));
    }

    static void squareRoot(INDArray x, INDArray y) {
        Nd4j.getExecutioner().exec(new Sqrt(x, y));
    }

    static void erf(INDArray x, INDArray y) {
        Nd4j.getExecutioner().exec(new Erf(x, y));
    }

    static void exp(INDArray x, INDArray y) {
        Nd4j.getExecutioner().exec(new Exp(x, y));
    }

    static void log(INDArray x, INDArray y) {
        Nd4j.getExecutioner().exec(new Log(x, y));
    }

    static void tanh(INDArray x, INDArray y) {
        Nd4j.getExecutioner().exec(new Tanh(x, y));
    }

    private static void run(DynamicCustomOp.DynamicCustomOpsBuilder builder) {
        Nd4j.getExecutioner().exec(builder.build());
    }
}
