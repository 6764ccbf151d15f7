package org.encore.trainer.finetuning;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.decoding.FrozenText;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.learning.Learner;
import org.encore.model.memory.MemoryBudget.MemoryLimits;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.Initialisation;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.weights.AdapterFiles;
import org.encore.model.weights.ModelDirectory;
import org.encore.music.codec.AudioCodec;
import org.encore.trainer.value.ReaderNetwork;
import org.encore.trainer.value.ValueNetwork;

/**
 * The networks of a run: policy, reference and, if needed, a value network, all loaded from one checkpoint. With adapters they
 * share one copy of its weights.
 */
final class Networks implements AutoCloseable {
    private static final Logger LOGGER = LogManager.getLogger(Networks.class);

    private final TextTokenizer tokenizer;
    private final Workspaces workspaces;
    private final CodeBatcher batcher;
    private final Replicas referenceReplicas;
    private final Reference reference;
    private final Learner policy;
    private final Optional<Critic> critic;
    private final ParallelGenerator generator;
    private final ParallelGenerator evaluationGenerator;
    private final int evaluationFrames;

    /**
     * Loads the networks.
     *
     * @param checkpoint a model directory with its tokenizer
     * @throws InvalidFileException if the checkpoint is invalid, or has another codec than the corpus
     */
    Networks(FineTuneSettings settings, Path checkpoint, AudioCodec codec, Shards shards) throws IOException {
        CheckpointInfo info = CheckpointInfo.of(checkpoint);
        info.requireCodec(codec, "the corpus");
        ModelConfig config = info.config();
        FineTuneMemory memory = new FineTuneMemory(settings, config, info.neuralCodec());
        ActivationCheckpointing storage = memory.storage(MemoryLimits.ofThisMachine());
        LOGGER.info("{}", memory.plan(storage).describe());
        DelayPattern pattern = info.pattern();
        int steps = pattern.steps(memory.frames());
        tokenizer = info.tokenizer();
        BatchShape capacity = new BatchShape(settings.compute().microBatch(), steps, tokenizer.capacity());
        boolean guided = settings.rollout().isGuided();
        workspaces =
                new Workspaces(shards, config, guided ? capacity.twice() : capacity, storage, memory.textEncoding());
        evaluationFrames = memory.evaluationFrames();

        if (settings.policy().lora().isPresent() && AdapterFiles.isAdapter(checkpoint)) {
            throw new InvalidFileException(
                    checkpoint,
                    "holds adapters, and policy.lora adds none to those; write the model first: ./encore merge");
        }
        MusicTransformer base = info.load(shards.kernels(0));
        referenceReplicas = new Replicas(shards, base);
        // With adapters the projection of the text is frozen too, and the same in every network.
        boolean given = settings.policy().lora().isPresent() && config.readsText();
        batcher = new CodeBatcher(
                pattern, tokenizer, steps, given ? Optional.of(new FrozenText(base, tokenizer)) : Optional.empty());
        reference = new Reference(
                referenceReplicas,
                workspaces,
                capacity,
                settings.rollout().temperature(),
                settings.rollout().guidanceScale());
        Optional<LoraSettings> lora = settings.policy().lora();
        MusicTransformer trained = lora.isPresent()
                ? adapted(base, lora.get(), ModelConfig.Head.CODES, settings.seed())
                : info.load(shards.kernels(0));
        policy = policy(settings, new Replicas(shards, trained));
        critic = settings.advantages().estimator().needsValues()
                ? Optional.of(critic(settings, info, base, shards, codec))
                : Optional.empty();
        generator = generator(settings, memory.rolloutFrames(), codec);
        evaluationGenerator =
                memory.rolloutFrames() == evaluationFrames ? generator : generator(settings, evaluationFrames, codec);
    }

    private ParallelGenerator generator(FineTuneSettings settings, int frames, AudioCodec codec) {
        SamplingSettings sampling = new SamplingSettings(
                settings.rollout().temperature(), 0, 1.0, settings.rollout().guidanceScale());
        Generator.Settings sizes = new Generator.Settings(
                settings.rollout().batch(),
                frames,
                tokenizer.capacity(),
                sampling,
                codec.endCode(),
                settings.rollout().packing());
        return new ParallelGenerator(policy.replicas(), tokenizer, sizes);
    }

    private Learner policy(FineTuneSettings settings, Replicas replicas) {
        FineTuneSettings.PolicySettings p = settings.policy();
        Learner learner = new Learner(
                "policy",
                replicas,
                workspaces,
                new Learner.Settings(
                        p.optimiser(),
                        p.schedule(),
                        p.trained(),
                        p.updates(
                                settings.iterations() - settings.value().warmupIterations(),
                                settings.rollout().samples())));
        learner.optimiser().reserve();
        return learner;
    }

    /** A model with new adapters on a base that it shares. */
    private static MusicTransformer adapted(
            MusicTransformer base, LoraSettings lora, ModelConfig.Head head, long seed) {
        MusicTransformer model = base.withAdapters(lora, head);
        Initialisation.randomiseAdapters(model, new RandomStreams(seed));
        return model;
    }

    private Critic critic(
            FineTuneSettings settings, CheckpointInfo info, MusicTransformer base, Shards shards, AudioCodec codec)
            throws IOException {
        return settings.value().network() instanceof ValueNetwork.Reader reader
                ? reader(reader, settings, info, shards, codec)
                : trunk(settings, info, base, shards);
    }

    private Critic reader(
            ValueNetwork.Reader reader, FineTuneSettings settings, CheckpointInfo info, Shards shards, AudioCodec codec)
            throws IOException {
        RandomStreams streams = new RandomStreams(settings.seed());
        BatchShape capacity = new BatchShape(
                settings.compute().microBatch(), workspaces.capacity().steps(), tokenizer.capacity());
        ReaderNetwork.Sizes sizes = FineTuneMemory.readerSizes(reader, info.config(), capacity);
        return new ReaderCritic(
                reader,
                settings.value(),
                new ReaderCritic.Parts(
                        reference,
                        batcher,
                        info.pattern(),
                        codec,
                        settings.compute().microBatch()),
                new ReaderNetwork(shards, sizes, streams.stream(RandomStreams.Purpose.INITIALISATION, sizes.hidden())),
                streams,
                settings.iterations());
    }

    private Critic trunk(FineTuneSettings settings, CheckpointInfo info, MusicTransformer base, Shards shards)
            throws IOException {
        FineTuneSettings.ValueSettings v = settings.value();
        Optional<LoraSettings> lora = settings.policy().lora();
        MusicTransformer model;
        if (lora.isPresent()) {
            model = adapted(base, lora.get(), ModelConfig.Head.SCALAR, settings.seed());
        } else {
            model = new MusicTransformer(shards.kernels(0), info.config().withHead(ModelConfig.Head.SCALAR));
            ModelDirectory.loadTrunk(info.base(), model);
        }
        Learner learner = new Learner(
                "value network",
                new Replicas(shards, model),
                workspaces,
                new Learner.Settings(
                        v.optimiser(),
                        v.schedule(),
                        List.of(ParameterLayout.Part.CROSS_ATTENTION, ParameterLayout.Part.DECODER),
                        settings.policy()
                                .updates(
                                        settings.iterations(),
                                        settings.rollout().samples())));
        learner.optimiser().reserve();
        return new TrunkCritic(learner, workspaces, v.objective());
    }

    TextTokenizer tokenizer() {
        return tokenizer;
    }

    Workspaces workspaces() {
        return workspaces;
    }

    CodeBatcher batcher() {
        return batcher;
    }

    Replicas referenceReplicas() {
        return referenceReplicas;
    }

    Reference reference() {
        return reference;
    }

    Learner policy() {
        return policy;
    }

    /** The value network; empty if the advantage estimator needs no values. */
    Optional<Critic> critic() {
        return critic;
    }

    /** Generates with the current weights of the policy, up to the length of training. */
    ParallelGenerator generator() {
        return generator;
    }

    /** Generates with the current weights of the policy, up to the length of evaluation. */
    ParallelGenerator evaluationGenerator() {
        return evaluationGenerator;
    }

    /** Longest completion and piece in evaluation, in frames. */
    int evaluationFrames() {
        return evaluationFrames;
    }

    @Override
    public void close() {
        generator.close();
        if (evaluationGenerator != generator) {
            evaluationGenerator.close();
        }
        tokenizer.close();
    }
}
