package org.encore.benchmarks.engines;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.encore.benchmarks.engines.Engine.Capacity;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.Tensor;
import org.encore.model.learning.Learner;
import org.encore.model.learning.NextCodeLoss;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;

/** The decoder as Encore's own training runs it: shards, learner, generator. */
public final class EncoreEngine implements Engine {
    private static final int PRODUCTS = 8;
    private static final int MEASURED_STEPS = 7;
    private static final TextTokenizer NO_TEXT = TextTokenizer.none();

    private final Shards shards;
    private final Replicas replicas;
    private final Workspaces workspaces;
    private final Learner learner;
    private final NextCodeLoss loss;
    private final CodeBatcher batcher;
    private final Map<List<Integer>, ParallelGenerator> generators = new HashMap<>();
    private final Map<Integer, List<List<Tensor>>> factors = new HashMap<>();

    /**
     * Allocates for passes of up to {@code sequences} times {@code steps}.
     *
     * @param shardCount shards, each of which takes an equal part of a batch
     * @param kernels makes the kernels of a shard
     */
    public EncoreEngine(DecoderConfig decoder, Capacity room, int shardCount, Supplier<Kernels> kernels) {
        this.shards = Shards.of(shardCount, kernels);
        MusicTransformer model = new MusicTransformer(shards.kernels(0), Work.model(decoder));
        ReferenceWeights weights = new ReferenceWeights(decoder);
        weights.all().forEach((name, values) -> model.kernels()
                .write(model.parameters().get(name), values));
        model.kernels().write(model.positions(), weights.positions());
        this.replicas = new Replicas(shards, model);
        BatchShape capacity = new BatchShape(perShard(room.sequences()), room.steps(), NO_TEXT.capacity());
        this.workspaces = new Workspaces(shards, model.config(), capacity);
        Learner.Settings settings = new Learner.Settings(
                AdamW.Settings.defaults(), Schedule.Linear.defaults(), List.of(ParameterLayout.Part.DECODER), 1);
        this.learner = new Learner("decoder", replicas, workspaces, settings);
        this.loss = new NextCodeLoss(shards.count());
        DelayPattern pattern = DelayPattern.of(decoder);
        this.batcher = new CodeBatcher(pattern, NO_TEXT, room.steps());
    }

    @Override
    public String description() {
        return "Encore, " + shards.kernels(0).description() + ", " + shards.count() + " shards";
    }

    @Override
    public Decoded decode(int sequences, int steps) {
        ParallelGenerator decoder = generators.computeIfAbsent(List.of(perShard(sequences), steps), this::decoder);
        List<Completion> completions = decoder.generate(Collections.nCopies(sequences, ""), ReferenceWeights::sampling);
        int[][] codes = new int[sequences][];
        double sum = 0;
        for (int b = 0; b < sequences; b++) {
            codes[b] = completions.get(b).codes()[0];
            for (double logProb : completions.get(b).logProbs()) {
                sum += logProb;
            }
        }
        return new Decoded(codes, sum / ((double) sequences * steps));
    }

    @Override
    public Decoded decodeWithLogProbs(int sequences, int steps) {
        return decode(sequences, steps);
    }

    private ParallelGenerator decoder(List<Integer> batchAndSteps) {
        Generator.Settings settings = new Generator.Settings(
                batchAndSteps.get(0),
                batchAndSteps.get(1),
                NO_TEXT.capacity(),
                SamplingSettings.defaults(),
                OptionalInt.empty());
        return new ParallelGenerator(replicas, NO_TEXT, settings);
    }

    /** Sequences of each shard, rounded up. */
    private int perShard(int sequences) {
        return (sequences + shards.count() - 1) / shards.count();
    }

    /** One micro-batch a shard. */
    private List<CodeBatcher.MicroBatch> microBatches(int[][] codes) {
        List<CodeSequence> sequences = Arrays.stream(codes)
                .map(each -> CodeSequence.of(new int[][] {each}, ""))
                .toList();
        return batcher.cut(sequences, perShard(codes.length));
    }

    @Override
    public double evaluate(int[][] codes) {
        List<Double> sums = Learner.overMicroBatches(replicas, microBatches(codes), (shard, microBatch) -> {
            MusicTransformer model = replicas.model(shard);
            model.forward(workspaces.of(shard), microBatch.batch().inputs());
            Tensor logits = model.logits(
                            workspaces.of(shard), microBatch.batch().inputs())
                    .get(0);
            RowStatistics rows = new RowStatistics(logits.rows());
            model.kernels().policyRows(logits, 1.0, microBatch.batch().targets()[0], null, rows);
            return IntStream.range(0, rows.rows())
                    .mapToDouble(row -> -rows.logProbs()[row])
                    .sum();
        });
        return sums.stream().mapToDouble(Double::doubleValue).sum() / codeCount(codes);
    }

    private static int codeCount(int[][] codes) {
        return codes.length * codes[0].length;
    }

    @Override
    public double train(int[][] codes) {
        double mean = accumulate(codes);
        learner.discard();
        return mean;
    }

    private double accumulate(int[][] codes) {
        learner.add(microBatches(codes), loss.begin(codeCount(codes)));
        return loss.value();
    }

    @Override
    public double trainingStepHeapBytes(int[][] codes) {
        List<CodeBatcher.MicroBatch> microBatches = microBatches(codes);
        int count = codeCount(codes);
        Runnable step = () -> {
            learner.add(microBatches, loss.begin(count));
            learner.discard();
        };
        // Once to warm up: what runs once a step is compiled late.
        HeapGauge.medianOf(MEASURED_STEPS, step);
        return HeapGauge.medianOf(MEASURED_STEPS, step);
    }

    @Override
    public double tokenStepHeapBytes(int sequences, int steps) {
        HeapGauge gauge = new HeapGauge(sequences, steps / 2, steps);
        ParallelGenerator decoder = generators.computeIfAbsent(List.of(perShard(sequences), steps), this::decoder);
        decoder.generate(
                Collections.nCopies(sequences, ""),
                sequence -> gauge.watched(sequence, ReferenceWeights.sampling(sequence)));
        return gauge.bytesPerStep();
    }

    @Override
    public LossAndNorm trainWithNorm(int[][] codes) {
        double mean = accumulate(codes);
        return new LossAndNorm(mean, learner.discardForNorm());
    }

    @Override
    public double productRate(int size) {
        List<List<Tensor>> operands = factors.computeIfAbsent(size, this::factors);
        long start = System.nanoTime();
        shards.run(shard -> {
            List<Tensor> each = operands.get(shard);
            for (int i = 0; i < PRODUCTS; i++) {
                shards.kernels(shard).linear(each.get(0), each.get(1), each.get(2));
            }
            return null;
        });
        double seconds = (System.nanoTime() - start) / 1e9;
        return 2.0 * size * size * size * PRODUCTS * shards.count() / seconds;
    }

    private List<List<Tensor>> factors(int size) {
        List<List<Tensor>> operands = new ArrayList<>();
        for (int shard = 0; shard < shards.count(); shard++) {
            List<Tensor> each = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Tensor matrix = shards.kernels(shard).allocate(size, size);
                shards.kernels(shard).fill(matrix, 0.5);
                each.add(matrix);
            }
            operands.add(each);
        }
        return operands;
    }

    @Override
    public void close() {
        generators.values().forEach(ParallelGenerator::close);
        shards.close();
    }
}
