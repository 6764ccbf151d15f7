package org.encore.model.kernels.nd4j;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.DecodingKernels;
import org.encore.model.kernels.Dropout;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.AdamWStep;
import org.encore.model.kernels.Kernels.AttentionShape;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.RowStatistics.RowCoefficients;
import org.encore.model.kernels.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@link Kernels} on the backend that ND4J finds. */
public final class PortableKernels implements Kernels {
    /** Elements that one row of a partial sum covers: enough to be fast, few enough to stay accurate in 32 bits. */
    private static final int SUM_CHUNK = 256;

    private final Precision precision;
    private final DataType type;
    private final Scratch scratch;
    private final PortableAttention attention;
    private final PortableRows rows;
    private final PortablePointwise pointwise;
    private final PortableLstm lstm;
    private final HostShortcuts shortcuts;
    private final DecodingKernels decoding;
    private final List<INDArray> owned = new ArrayList<>();

    /** Opens kernels of a precision. */
    public PortableKernels(Precision precision) {
        this.precision = precision;
        this.type = precision == Precision.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
        this.scratch = new Scratch(type);
        this.attention = new PortableAttention(scratch);
        this.rows = new PortableRows(scratch);
        this.pointwise = new PortablePointwise(scratch);
        this.lstm = new PortableLstm(scratch);
        boolean onHost = precision == Precision.SINGLE && HostShortcuts.isHostBackend();
        this.shortcuts = onHost ? new HostShortcuts() : null;
        this.decoding = new PortableDecoding(this, type, scratch, attention, shortcuts);
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public String description() {
        return "portable kernels, ND4J " + Nd4j.getBackend().getClass().getSimpleName() + ", " + precision;
    }

    @Override
    public Tensor allocate(int rowCount, int columns) {
        INDArray array = Nd4j.create(type, (long) rowCount * columns);
        owned.add(array);
        return new NdTensor(array.data(), 0, rowCount, columns, columns);
    }

    @Override
    public long allocatedBytes() {
        long elements = owned.stream().mapToLong(INDArray::length).sum() + scratch.elements();
        return elements * type.width();
    }

    @Override
    public void write(Tensor target, float[] values) {
        requireCount(target, values.length);
        try (INDArray host = Nd4j.createFromArray(values)) {
            NdTensor.of(target).matrix().assign(host.reshape(target.rows(), target.columns()));
        }
    }

    @Override
    public void write(Tensor target, double[] values) {
        requireCount(target, values.length);
        try (INDArray host = Nd4j.createFromArray(values)) {
            NdTensor.of(target).matrix().assign(host.reshape(target.rows(), target.columns()));
        }
    }

    private static void requireCount(Tensor target, int count) {
        if (count != target.size()) {
            throw new IllegalArgumentException(count + " values do not fill " + target);
        }
    }

    @Override
    public float[] readFloats(Tensor source) {
        try (INDArray copy = NdTensor.of(source).matrix().dup('c')) {
            return copy.data().asFloat();
        }
    }

    @Override
    public double[] readDoubles(Tensor source) {
        try (INDArray copy = NdTensor.of(source).matrix().dup('c')) {
            return copy.data().asDouble();
        }
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        nd(target).assign(nd(source));
    }

    @Override
    public void fill(Tensor target, double value) {
        nd(target).assign(value);
    }

    @Override
    public void add(Tensor x, Tensor y) {
        nd(y).addi(nd(x));
    }

    @Override
    public void scale(Tensor x, double factor) {
        nd(x).muli(factor);
    }

    @Override
    public void scaleRows(Tensor x, Tensor rowFactors) {
        NdOps.broadcast("multiply", nd(x), nd(rowFactors), nd(x));
    }

    @Override
    public double sumOfSquares(Tensor x) {
        NdTensor tensor = NdTensor.of(x);
        int size = Math.toIntExact(tensor.size());
        int whole = size / SUM_CHUNK;
        double sum = 0;
        if (whole > 0) {
            NdTensor chunks =
                    tensor.reshaped(1, size).view(0, 0, 1, whole * SUM_CHUNK).reshaped(whole, SUM_CHUNK);
            NdTensor squares = scratch.tensor("squares", whole, SUM_CHUNK);
            NdTensor sums = scratch.tensor("square sums", whole, 1);
            chunks.matrix().muli(chunks.matrix(), squares.matrix());
            squares.matrix().sum(sums.vector(), 1);
            for (double part : sums.vector().toDoubleVector()) {
                sum += part;
            }
        }
        if (size > whole * SUM_CHUNK) {
            NdTensor rest = tensor.reshaped(1, size).view(0, whole * SUM_CHUNK, 1, size - whole * SUM_CHUNK);
            for (double value : readDoubles(rest)) {
                sum += value * value;
            }
        }
        return sum;
    }

    @Override
    public void linear(Tensor x, Tensor w, Tensor y) {
        NdOps.productRightTransposed(nd(x), nd(w), nd(y), 1, 0);
    }

    @Override
    public void addLinear(Tensor x, Tensor w, Tensor y) {
        NdOps.productRightTransposed(nd(x), nd(w), nd(y), 1, 1);
    }

    @Override
    public void linearInputGradient(Tensor dy, Tensor w, Tensor dx) {
        NdOps.product(nd(dy), nd(w), nd(dx), 1, 0);
    }

    @Override
    public void addLinearInputGradient(Tensor dy, Tensor w, Tensor dx) {
        NdOps.product(nd(dy), nd(w), nd(dx), 1, 1);
    }

    @Override
    public void linearWeightGradient(Tensor dy, Tensor x, Tensor dw) {
        NdOps.productLeftTransposed(nd(dy), nd(x), nd(dw), 1, 1);
    }

    @Override
    public void addBias(Tensor bias, Tensor y) {
        NdOps.broadcast("add", nd(y), nd(bias), nd(y));
    }

    @Override
    public void biasGradient(Tensor dy, Tensor dbias) {
        NdOps.product(scratch.ones(dy.rows()), nd(dy), nd(dbias), 1, 1);
    }

    @Override
    public void layerNorm(
            Tensor x, LayerNormWeights w, double epsilon, Tensor normalised, Tensor inverseDeviation, Tensor y) {
        if (shortcuts != null && x.rows() <= HostShortcuts.MOST_ROWS) {
            shortcuts.layerNorm(x, w, epsilon, normalised, inverseDeviation, y);
            return;
        }
        NdTensor mean = scratch.tensor("mean", x.rows(), 1);
        nd(x).mean(mean.vector(), 1);
        NdOps.broadcast("subtract", nd(x), mean.matrix(), nd(normalised));
        pointwise.normalise(NdTensor.of(normalised), NdTensor.of(inverseDeviation), epsilon);
        NdOps.broadcast("multiply", nd(normalised), nd(w.gain()), nd(y));
        NdOps.broadcast("add", nd(y), nd(w.bias()), nd(y));
    }

    @Override
    public void layerNormGradient(
            Tensor dy, Tensor normalised, Tensor inverseDeviation, LayerNormWeights w, LayerNormWeights dw, Tensor dx) {
        biasGradient(dy, dw.bias());
        gainGradient(dy, normalised, dw.gain());
        NdOps.broadcast("multiply", nd(dy), nd(w.gain()), nd(dy));
        NdTensor mean = scratch.tensor("mean", dy.rows(), 1);
        nd(dy).mean(mean.vector(), 1);
        pointwise.normaliseGradient(NdTensor.of(dy), NdTensor.of(normalised), NdTensor.of(inverseDeviation), mean);
        nd(dx).addi(nd(dy));
    }

    private void gainGradient(Tensor dy, Tensor normalised, Tensor dgain) {
        NdTensor products = scratch.tensor("products", dy.rows(), dy.columns());
        nd(dy).muli(nd(normalised), products.matrix());
        NdOps.product(scratch.ones(dy.rows()), products.matrix(), nd(dgain), 1, 1);
    }

    @Override
    public void rmsNorm(Tensor x, Tensor gain, double epsilon, Tensor normalised, Tensor inverseDeviation, Tensor y) {
        nd(normalised).assign(nd(x));
        pointwise.normalise(NdTensor.of(normalised), NdTensor.of(inverseDeviation), epsilon);
        NdOps.broadcast("multiply", nd(normalised), nd(gain), nd(y));
    }

    @Override
    public void rmsNormGradient(
            Tensor dy, Tensor normalised, Tensor inverseDeviation, Tensor gain, Tensor dgain, Tensor dx) {
        gainGradient(dy, normalised, dgain);
        NdOps.broadcast("multiply", nd(dy), nd(gain), nd(dy));
        pointwise.normaliseGradient(NdTensor.of(dy), NdTensor.of(normalised), NdTensor.of(inverseDeviation), null);
        nd(dx).addi(nd(dy));
    }

    @Override
    public void activation(Activation kind, Tensor x, Tensor y) {
        pointwise.activation(kind, NdTensor.of(x), NdTensor.of(y));
    }

    @Override
    public void activationGradient(Activation kind, Tensor x, Tensor dy) {
        pointwise.activationGradient(kind, NdTensor.of(x), NdTensor.of(dy));
    }

    @Override
    public void dropout(Dropout pattern, Tensor x) {
        float[] factors = new float[Math.toIntExact(x.size())];
        pattern.factors(factors);
        try (INDArray host = Nd4j.createFromArray(factors)) {
            nd(x).muli(host.castTo(type).reshape(x.rows(), x.columns()));
        }
    }

    @Override
    public void causalAttention(AttentionShape shape, AttentionInputs in, Tensor logSums, Tensor out) {
        attention.causal(shape, in, out);
    }

    @Override
    public void causalAttentionGradient(
            AttentionShape shape,
            AttentionInputs in,
            Tensor logSums,
            Tensor out,
            Tensor dout,
            AttentionGradients gradients) {
        attention.causalGradient(shape, in, dout, gradients);
    }

    @Override
    public void maskedAttention(
            AttentionShape shape, Tensor q, Tensor k, Tensor v, Tensor keyMask, Tensor weights, Tensor out) {
        attention.masked(shape, new AttentionInputs(q, k, v, null), keyMask, weights, out);
    }

    @Override
    public void biasedAttention(AttentionShape shape, AttentionInputs in, Tensor keyMask, Tensor weights, Tensor out) {
        attention.masked(shape, in, keyMask, weights, out);
    }

    @Override
    public void attentionGradient(
            AttentionShape shape,
            AttentionInputs in,
            Tensor weights,
            Tensor dout,
            Tensor scores,
            AttentionGradients out) {
        attention.gradient(shape, in, weights, dout, scores, out);
    }

    @Override
    public void attentionBiasGradient(AttentionShape shape, Tensor dscores, Tensor dbias) {
        attention.biasGradient(shape, dscores, dbias);
    }

    @Override
    public void gatherRows(int[] numbers, Tensor x, Tensor y) {
        x.requireRowsOrNone(numbers);
        PortableRowMoves.gather(numbers, NdTensor.of(x), NdTensor.of(y));
    }

    @Override
    public void scatterRows(int[] numbers, Tensor x, Tensor y) {
        y.requireRowsOrNone(numbers);
        PortableRowMoves.scatter(numbers, NdTensor.of(x), NdTensor.of(y));
    }

    @Override
    public void lstmCell(Tensor gates, Tensor before, Tensor cell, Tensor hidden) {
        lstm.cell(NdTensor.of(gates), nd(before), nd(cell), nd(hidden));
    }

    @Override
    public void lstmCellGradient(Tensor gates, Tensor before, Tensor cell, Tensor dhidden, Tensor dcell) {
        lstm.gradient(NdTensor.of(gates), nd(before), nd(cell), nd(dhidden), nd(dcell));
    }

    @Override
    public DecodingKernels decoding() {
        return decoding;
    }

    @Override
    public void embed(int[][] ids, List<Tensor> tables, Tensor y) {
        NdTensor part = scratch.tensor("embedding", y.rows(), y.columns());
        for (int k = 0; k < ids.length; k++) {
            tables.get(k).requireRows(ids[k]);
            try (INDArray indices = Nd4j.createFromArray(ids[k])) {
                NdOps.gather(nd(tables.get(k)), indices, k == 0 ? nd(y) : part.matrix());
            }
            if (k > 0) {
                nd(y).addi(part.matrix());
            }
        }
    }

    @Override
    public void embedGradient(int[] ids, Tensor dy, Tensor dtable) {
        dtable.requireRows(ids);
        try (INDArray indices = Nd4j.createFromArray(ids)) {
            NdOps.scatterAdd(nd(dtable), indices, nd(dy));
        }
    }

    @Override
    public void policyRows(
            Tensor logits,
            double inverseTemperature,
            int[] targets,
            Tensor referenceLogProbs,
            RowStatistics statistics) {
        rows.statistics(logits, inverseTemperature, targets, referenceLogProbs, statistics);
    }

    @Override
    public void policyRowsGradient(
            Tensor logProbs,
            double inverseTemperature,
            int[] targets,
            Tensor referenceLogProbs,
            RowStatistics statistics,
            RowCoefficients coefficients) {
        rows.gradient(logProbs, inverseTemperature, targets, referenceLogProbs, statistics, coefficients);
    }

    @Override
    public void adamW(AdamWStep step, Tensor parameters, Tensor gradient, Tensor firstMoment, Tensor secondMoment) {
        pointwise.adamW(step, nd(parameters), nd(gradient), nd(firstMoment), nd(secondMoment));
    }

    @Override
    public void close() {
        scratch.close();
        owned.forEach(INDArray::close);
        owned.clear();
    }

    private static INDArray nd(Tensor tensor) {
        return NdTensor.of(tensor).matrix();
    }
}
