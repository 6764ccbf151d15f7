package org.encore.benchmarks.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.encore.base.files.AtomicFiles;
import org.encore.benchmarks.engines.Engine.Capacity;
import org.encore.benchmarks.engines.Task.ReferenceModel;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.decoding.FrozenText;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.decoding.SequenceTap;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.Tensor;
import org.encore.model.learning.Learner;
import org.encore.model.learning.NextCodeLoss;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.ParallelGenerator.Request;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.WordTokenizer;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.Activations.TextEncoding;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;

/** The decoder as Encore's own training runs it: shards, learner, generator. */
public final class EncoreEngine implements Engine {
    private static final int PRODUCTS = 8;
    private static final int MEASURED_STEPS = 7;
    private static final String WORD = "word";

    private final Shards shards;
    private final ReferenceModel model;
    private final TextTokenizer tokenizer;
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
    public EncoreEngine(ReferenceModel model, Capacity room, int shardCount, Supplier<Kernels> kernels) {
        this.shards = Shards.of(shardCount, kernels);
        this.model = model;
        this.tokenizer = tokenizer(model.textTokens());
        MusicTransformer network = new MusicTransformer(shards.kernels(0), model.config());
        ReferenceWeights weights = new ReferenceWeights(model);
        weights.names()
                .forEach(name -> network.kernels().write(network.parameters().get(name), weights.get(name)));
        network.kernels().write(network.positions(), weights.positions());
        this.replicas = new Replicas(shards, network);
        BatchShape capacity = new BatchShape(perShard(room.sequences()), room.steps(), tokenizer.capacity());
        this.workspaces =
                new Workspaces(shards, network.config(), capacity, ActivationCheckpointing.KEPT, TextEncoding.GIVEN);
        Learner.Settings settings = new Learner.Settings(
                AdamW.Settings.defaults(),
                Schedule.Linear.defaults(),
                List.of(ParameterLayout.Part.CROSS_ATTENTION, ParameterLayout.Part.DECODER),
                1);
        this.learner = new Learner("decoder", replicas, workspaces, settings);
        this.loss = new NextCodeLoss(shards.count());
        this.batcher = new CodeBatcher(
                model.pattern(),
                tokenizer,
                room.steps(),
                model.textTokens() == 0 ? Optional.empty() : Optional.of(new FrozenText(network, tokenizer)));
    }

    /** Of one word, which a text repeats until it has the tokens, the last of which ends it. */
    private static TextTokenizer tokenizer(int tokens) {
        if (tokens == 0) {
            return TextTokenizer.none();
        }
        try {
            Path directory = Files.createTempDirectory("encore-bench");
            try {
                WordTokenizer.write(WordTokenizer.vocabulary(List.of(WORD), Integer.MAX_VALUE), directory);
                return TextTokenizer.load(directory, tokens);
            } finally {
                AtomicFiles.deleteRecursively(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text() {
        return String.join(" ", Collections.nCopies(Math.max(model.textTokens() - 1, 0), WORD));
    }

    @Override
    public float[] textStates() {
        if (model.textTokens() == 0) {
            return new float[0];
        }
        int[][] codes = model.codes(new Capacity(1, model.decoder().codebooks()));
        float[] states = microBatches(codes).get(0).batch().inputs().textStates();
        return Arrays.copyOf(states, model.textTokens() * model.decoder().width());
    }

    @Override
    public String description() {
        return "Encore, " + shards.kernels(0).description() + ", " + shards.count() + " shards";
    }

    @Override
    public Decoded decode(int sequences, int steps) {
        return decode(sequences, steps, SequenceTap.Source.NONE);
    }

    /** {@link #decode(int, int)} with taps on the heads and layers. */
    public Decoded decode(int sequences, int steps, SequenceTap.Source taps) {
        ParallelGenerator decoder = generators.computeIfAbsent(List.of(perShard(sequences), steps), this::decoder);
        List<Request> requests = Collections.nCopies(sequences, new Request(text()));
        List<Completion> completions = decoder.generate(requests, ReferenceWeights::sampling, taps);
        int codebooks = model.decoder().codebooks();
        int[][] codes = new int[sequences * codebooks][];
        double sum = 0;
        for (int b = 0; b < sequences; b++) {
            System.arraycopy(completions.get(b).codes(), 0, codes, b * codebooks, codebooks);
            for (double logProb : completions.get(b).logProbs()) {
                sum += logProb;
            }
        }
        return new Decoded(codes, sum / codeCount(codes));
    }

    @Override
    public Decoded decodeWithLogProbs(int sequences, int steps) {
        return decode(sequences, steps);
    }

    private ParallelGenerator decoder(List<Integer> batchAndSteps) {
        Generator.Settings settings = new Generator.Settings(
                batchAndSteps.get(0),
                model.pattern().frames(batchAndSteps.get(1)),
                tokenizer.capacity(),
                SamplingSettings.defaults(),
                OptionalInt.empty());
        return new ParallelGenerator(replicas, tokenizer, settings);
    }

    /** Sequences of each shard, rounded up. */
    private int perShard(int sequences) {
        return (sequences + shards.count() - 1) / shards.count();
    }

    /** One micro-batch a shard. */
    private List<CodeBatcher.MicroBatch> microBatches(int[][] codes) {
        int codebooks = model.decoder().codebooks();
        List<CodeSequence> sequences = new ArrayList<>();
        for (int row = 0; row < codes.length; row += codebooks) {
            sequences.add(CodeSequence.of(Arrays.copyOfRange(codes, row, row + codebooks), text()));
        }
        return batcher.cut(sequences, perShard(sequences.size()));
    }

    @Override
    public double evaluate(int[][] codes) {
        List<Double> sums = Learner.overMicroBatches(replicas, microBatches(codes), (shard, microBatch) -> {
            MusicTransformer network = replicas.model(shard);
            network.forward(workspaces.of(shard), microBatch.batch().inputs());
            List<Tensor> logits =
                    network.logits(workspaces.of(shard), microBatch.batch().inputs());
            double sum = 0;
            for (int k = 0; k < logits.size(); k++) {
                int[] targets = microBatch.batch().targets()[k];
                RowStatistics rows = new RowStatistics(targets.length);
                network.kernels().policyRows(logits.get(k), 1.0, targets, null, rows);
                for (int row = 0; row < targets.length; row++) {
                    sum -= targets[row] >= 0 ? rows.logProbs()[row] : 0.0;
                }
            }
            return sum;
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
        // A step draws once for each codebook.
        int draws = model.decoder().codebooks();
        int frames = model.pattern().frames(steps);
        HeapGauge gauge = new HeapGauge(sequences, draws * (frames / 2), draws * frames);
        ParallelGenerator decoder = generators.computeIfAbsent(List.of(perShard(sequences), steps), this::decoder);
        decoder.generate(
                Collections.nCopies(sequences, text()),
                sequence -> gauge.watched(sequence, ReferenceWeights.sampling(sequence)));
        return draws * gauge.bytesPerStep();
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
        tokenizer.close();
        shards.close();
    }
}
