package org.encore.model.kernels.simd;

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
import org.encore.model.kernels.simd.decoding.SimdDecoding;
import org.encore.model.kernels.simd.memory.Floats;
import org.encore.model.kernels.simd.memory.Memory;
import org.encore.model.kernels.simd.memory.SimdTensor;
import org.encore.model.kernels.simd.products.Attention;
import org.encore.model.kernels.simd.products.CausalAttention;
import org.encore.model.kernels.simd.products.Products;
import org.encore.model.kernels.simd.rows.ActivationRows;
import org.encore.model.kernels.simd.rows.Dropping;
import org.encore.model.kernels.simd.rows.LogitRows;
import org.encore.model.kernels.simd.rows.LstmRows;
import org.encore.model.kernels.simd.rows.Normalisation;
import org.encore.model.kernels.simd.rows.Pointwise;
import org.encore.model.kernels.simd.rows.RowMoves;

/** {@link Kernels} of 32 bits for the CPU, on the calling thread alone: OpenBLAS for products, Java's vectors for the rest. */
public final class SimdKernels implements Kernels {
    private final Memory memory = new Memory();
    private final Products products = new Products();
    private final CausalAttention causal = new CausalAttention(memory, products);
    private final Attention attention = new Attention(memory, products);
    private final Normalisation norm = new Normalisation();
    private final LogitRows rows = new LogitRows(memory);
    private final SimdDecoding decoding = new SimdDecoding();

    @Override
    public Precision precision() {
        return Precision.SINGLE;
    }

    @Override
    public String description() {
        return "SIMD kernels, " + Floats.SPECIES.vectorBitSize() + " bits, OpenBLAS, " + Precision.SINGLE;
    }

    @Override
    public Tensor allocate(int rowCount, int columns) {
        return memory.allocate(rowCount, columns);
    }

    @Override
    public long allocatedBytes() {
        return memory.bytes();
    }

    @Override
    public void write(Tensor target, float[] values) {
        requireCount(target, values.length);
        Floats floats = simd(target).floats();
        for (int row = 0; row < target.rows(); row++) {
            floats.write(row * target.stride(), values, row * target.columns(), target.columns());
        }
    }

    @Override
    public void write(Tensor target, double[] values) {
        requireCount(target, values.length);
        float[] narrow = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrow[i] = (float) values[i];
        }
        write(target, narrow);
    }

    private static void requireCount(Tensor target, int count) {
        if (count != target.size()) {
            throw new IllegalArgumentException(count + " values do not fill " + target);
        }
    }

    @Override
    public float[] readFloats(Tensor source) {
        float[] values = new float[Math.toIntExact(source.size())];
        Floats floats = simd(source).floats();
        for (int row = 0; row < source.rows(); row++) {
            floats.read(row * source.stride(), values, row * source.columns(), source.columns());
        }
        return values;
    }

    @Override
    public double[] readDoubles(Tensor source) {
        float[] narrow = readFloats(source);
        double[] values = new double[narrow.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = narrow[i];
        }
        return values;
    }

    @Override
    public void copy(Tensor source, Tensor target) {
        Pointwise.copy(simd(source), simd(target));
    }

    @Override
    public void fill(Tensor target, double value) {
        Pointwise.fill(simd(target), (float) value);
    }

    @Override
    public void add(Tensor x, Tensor y) {
        Pointwise.add(simd(x), simd(y));
    }

    @Override
    public void scale(Tensor x, double factor) {
        Pointwise.scale(simd(x), (float) factor);
    }

    @Override
    public void scaleRows(Tensor x, Tensor rowFactors) {
        Pointwise.scaleRows(simd(x), simd(rowFactors));
    }

    @Override
    public double sumOfSquares(Tensor x) {
        return Pointwise.sumOfSquares(simd(x));
    }

    @Override
    public void linear(Tensor x, Tensor w, Tensor y) {
        products.rightTransposed(simd(x), simd(w), simd(y), 0);
    }

    @Override
    public void addLinear(Tensor x, Tensor w, Tensor y) {
        products.rightTransposed(simd(x), simd(w), simd(y), 1);
    }

    @Override
    public void linearInputGradient(Tensor dy, Tensor w, Tensor dx) {
        products.plain(simd(dy), simd(w), simd(dx), 0);
    }

    @Override
    public void addLinearInputGradient(Tensor dy, Tensor w, Tensor dx) {
        products.plain(simd(dy), simd(w), simd(dx), 1);
    }

    @Override
    public void linearWeightGradient(Tensor dy, Tensor x, Tensor dw) {
        products.leftTransposed(simd(dy), simd(x), simd(dw), 1);
    }

    @Override
    public void addBias(Tensor bias, Tensor y) {
        Pointwise.addToRows(simd(bias), simd(y));
    }

    @Override
    public void biasGradient(Tensor dy, Tensor dbias) {
        Pointwise.addRows(simd(dy), simd(dbias));
    }

    @Override
    public void layerNorm(
            Tensor x, LayerNormWeights w, double epsilon, Tensor normalised, Tensor inverseDeviation, Tensor y) {
        Normalisation.layerNorm(simd(x), w, epsilon, simd(normalised), simd(inverseDeviation), simd(y));
    }

    @Override
    public void layerNormGradient(
            Tensor dy, Tensor normalised, Tensor inverseDeviation, LayerNormWeights w, LayerNormWeights dw, Tensor dx) {
        norm.place(simd(dy), simd(normalised), simd(inverseDeviation), simd(dx)).layerNormGradient(w, dw);
    }

    @Override
    public void rmsNorm(Tensor x, Tensor gain, double epsilon, Tensor normalised, Tensor inverseDeviation, Tensor y) {
        Normalisation.rmsNorm(simd(x), simd(gain), epsilon, simd(normalised), simd(inverseDeviation), simd(y));
    }

    @Override
    public void rmsNormGradient(
            Tensor dy, Tensor normalised, Tensor inverseDeviation, Tensor gain, Tensor dgain, Tensor dx) {
        norm.place(simd(dy), simd(normalised), simd(inverseDeviation), simd(dx))
                .rmsNormGradient(simd(gain), simd(dgain));
    }

    @Override
    public void activation(Activation kind, Tensor x, Tensor y) {
        ActivationRows.apply(kind, simd(x), simd(y), activationScratch());
    }

    @Override
    public void activationGradient(Activation kind, Tensor x, Tensor dy) {
        ActivationRows.gradient(kind, simd(x), simd(dy), activationScratch());
    }

    private Floats activationScratch() {
        return memory.scratch("activation", ActivationRows.PIECE).floats();
    }

    @Override
    public void dropout(Dropout pattern, Tensor x) {
        Dropping.drop(pattern, simd(x));
    }

    @Override
    public void causalAttention(AttentionShape shape, AttentionInputs in, Tensor logSums, Tensor out) {
        causal.forward(shape, in, simd(logSums), simd(out));
    }

    @Override
    public void causalAttentionGradient(
            AttentionShape shape,
            AttentionInputs in,
            Tensor logSums,
            Tensor out,
            Tensor dout,
            AttentionGradients gradients) {
        causal.gradient(shape, in, simd(logSums), simd(out), simd(dout), gradients);
    }

    @Override
    public void maskedAttention(
            AttentionShape shape, Tensor q, Tensor k, Tensor v, Tensor keyMask, Tensor weights, Tensor out) {
        biasedAttention(shape, new AttentionInputs(q, k, v, null), keyMask, weights, out);
    }

    @Override
    public void biasedAttention(AttentionShape shape, AttentionInputs in, Tensor keyMask, Tensor weights, Tensor out) {
        attention.forward(shape, in, simd(keyMask), simd(weights), simd(out));
    }

    @Override
    public void attentionGradient(
            AttentionShape shape,
            AttentionInputs in,
            Tensor weights,
            Tensor dout,
            Tensor scores,
            AttentionGradients out) {
        attention.gradient(shape, in, simd(weights), simd(dout), simd(scores), out);
    }

    @Override
    public void attentionBiasGradient(AttentionShape shape, Tensor dscores, Tensor dbias) {
        Attention.biasGradient(shape, simd(dscores), simd(dbias));
    }

    @Override
    public void gatherRows(int[] numbers, Tensor x, Tensor y) {
        x.requireRowsOrNone(numbers);
        RowMoves.gather(numbers, simd(x), simd(y));
    }

    @Override
    public void scatterRows(int[] numbers, Tensor x, Tensor y) {
        y.requireRowsOrNone(numbers);
        RowMoves.scatter(numbers, simd(x), simd(y));
    }

    @Override
    public void lstmCell(Tensor gates, Tensor before, Tensor cell, Tensor hidden) {
        LstmRows.cell(simd(gates), simd(before), simd(cell), simd(hidden));
    }

    @Override
    public void lstmCellGradient(Tensor gates, Tensor before, Tensor cell, Tensor dhidden, Tensor dcell) {
        Floats squashed = memory.scratch("lstm", cell.columns()).floats();
        LstmRows.gradient(simd(gates), simd(before), simd(cell), simd(dhidden), simd(dcell), squashed);
    }

    @Override
    public DecodingKernels decoding() {
        return decoding;
    }

    @Override
    public void embed(int[][] ids, List<Tensor> tables, Tensor y) {
        fill(y, 0.0);
        Floats target = simd(y).floats();
        for (int k = 0; k < ids.length; k++) {
            Tensor table = tables.get(k);
            table.requireRows(ids[k]);
            Floats source = simd(table).floats();
            for (int i = 0; i < ids[k].length; i++) {
                Pointwise.add(source, ids[k][i] * table.stride(), target, i * y.stride(), y.columns());
            }
        }
    }

    @Override
    public void embedGradient(int[] ids, Tensor dy, Tensor dtable) {
        dtable.requireRows(ids);
        Floats source = simd(dy).floats();
        Floats target = simd(dtable).floats();
        for (int i = 0; i < ids.length; i++) {
            Pointwise.add(source, i * dy.stride(), target, ids[i] * dtable.stride(), dy.columns());
        }
    }

    @Override
    public void policyRows(
            Tensor logits,
            double inverseTemperature,
            int[] targets,
            Tensor referenceLogProbs,
            RowStatistics statistics) {
        rows.statistics(simd(logits), inverseTemperature, targets, simd(referenceLogProbs), statistics);
    }

    @Override
    public void policyRowsGradient(
            Tensor logProbs,
            double inverseTemperature,
            int[] targets,
            Tensor referenceLogProbs,
            RowStatistics statistics,
            RowCoefficients coefficients) {
        rows.gradient(simd(logProbs), inverseTemperature, targets, simd(referenceLogProbs), statistics, coefficients);
    }

    @Override
    public void adamW(AdamWStep step, Tensor parameters, Tensor gradient, Tensor firstMoment, Tensor secondMoment) {
        Pointwise.adamW(step, simd(parameters), simd(gradient), simd(firstMoment), simd(secondMoment));
    }

    @Override
    public void close() {
        memory.close();
    }

    private static SimdTensor simd(Tensor tensor) {
        return SimdTensor.of(tensor);
    }
}
