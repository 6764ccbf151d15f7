package org.encore.trainer.finetuning;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.learning.Learner;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;
import org.encore.trainer.TinyModels;
import org.encore.trainer.advantages.ValidSteps;

/** A policy, its reference and a value network in 64 bits, all different, and samples of different lengths. */
final class Bench implements AutoCloseable {
    static final double TEMPERATURE = 0.8;
    /** Keeps the gradient itself as first moment, and moves no weight. */
    private static final AdamW.Settings GRADIENT_ALONE =
            new AdamW.Settings(1e-30, 0.0, 0.0, 1e-8, 0.0, Double.MAX_VALUE);

    private final Shards shards;
    private final TextTokenizer tokenizer;
    private final CodeBatcher batcher;
    private final Workspaces workspaces;
    private final Replicas referenceReplicas;
    private final Learner policy;
    private final Learner value;
    private final DelayPattern pattern;

    Bench(Path directory, int codebooks, int shardCount) throws IOException {
        this(directory, codebooks, shardCount, GRADIENT_ALONE);
    }

    Bench(Path directory, int codebooks, int shardCount, AdamW.Settings optimiser) throws IOException {
        shards = new Shards(shardCount, shardCount, () -> new PortableKernels(Precision.DOUBLE));
        tokenizer = TinyModels.tokenizer(directory);
        pattern = new DelayPattern(codebooks, TinyModels.VOCABULARY);
        batcher = new CodeBatcher(pattern, tokenizer, TinyModels.MAX_STEPS);
        BatchShape capacity = new BatchShape(8, TinyModels.MAX_STEPS, tokenizer.capacity());
        workspaces = new Workspaces(shards, TinyModels.config(codebooks, Head.CODES), capacity);
        referenceReplicas = replicas(codebooks, Head.CODES, 2);
        policy = learner(replicas(codebooks, Head.CODES, 1), optimiser);
        value = learner(replicas(codebooks, Head.SCALAR, 3), optimiser);
    }

    private Replicas replicas(int codebooks, Head head, long seed) {
        return new Replicas(shards, TinyModels.random(shards.kernels(0), TinyModels.config(codebooks, head), seed));
    }

    private Learner learner(Replicas replicas, AdamW.Settings optimiser) {
        List<ParameterLayout.Part> all = List.of(ParameterLayout.Part.values());
        return new Learner(
                "bench", replicas, workspaces, new Learner.Settings(optimiser, new Schedule.Constant(0), all, 10));
    }

    Learner policy() {
        return policy;
    }

    Learner value() {
        return value;
    }

    Workspaces workspaces() {
        return workspaces;
    }

    TextTokenizer tokenizer() {
        return tokenizer;
    }

    MusicTransformer referenceModel() {
        return referenceReplicas.model();
    }

    Reference reference(double guidanceScale) {
        return new Reference(referenceReplicas, workspaces, workspaces.capacity(), TEMPERATURE, guidanceScale);
    }

    List<CodeBatcher.MicroBatch> microBatches(List<CodeSequence> sequences, int microBatch) {
        return batcher.cut(sequences, microBatch);
    }

    ValidSteps steps(List<CodeSequence> sequences) {
        int[] lengths = sequences.stream()
                .mapToInt(each -> pattern.steps(each.codes()[0].length))
                .toArray();
        return new ValidSteps(lengths, Arrays.stream(lengths).max().orElseThrow());
    }

    /** Updates by what was accumulated, and returns it. */
    static double[] gradientOf(Learner learner) {
        learner.update();
        return learner.model()
                .kernels()
                .readDoubles(learner.optimiser().firstMoment().flat());
    }

    static double[] weightsOf(MusicTransformer model) {
        return model.kernels().readDoubles(model.parameters().flat());
    }

    @Override
    public void close() {
        tokenizer.close();
        shards.close();
    }
}
