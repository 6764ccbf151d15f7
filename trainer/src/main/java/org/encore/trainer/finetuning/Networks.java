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
import org.encore.trainer.finetuning.ShardTask.Network;
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

    /** Null in the owner, as all that passes need. */
    private final Replicas referenceReplicas;

    private final Reference reference;
    private final Learner policy;
    private final Optional<Critic> critic;
    private final ParallelGenerator generator;
    private final ParallelGenerator evaluationGenerator;
    private final int evaluationFrames;

    /** What a process does with its networks. */
    enum Role {
        /** All there is to do. */
        WHOLE,
        /** Passes and generation, with weights that it is sent: there are no moments. */
        WORKER,
        /** Updates, with gradients that it is sent: there are no buffers of passes, no generators and no reference. */
        OWNER
    }

    /**
     * Loads the networks.
     *
     * @param checkpoint a model directory with its tokenizer
     * @throws InvalidFileException if the checkpoint is invalid, or has another codec than the corpus
     */
    Networks(FineTuneSettings settings, Path checkpoint, AudioCodec codec, Shards shards) throws IOException {
        this(settings, checkpoint, codec, shards, Role.WHOLE);
    }

    Networks(FineTuneSettings settings, Path checkpoint, AudioCodec codec, Shards shards, Role role)
            throws IOException {
        CheckpointInfo info = CheckpointInfo.of(checkpoint);
        info.requireCodec(codec, "the corpus");
        ModelConfig config = info.config();
        FineTuneMemory memory = new FineTuneMemory(settings, config, info.neuralCodec());
        boolean passes = role != Role.OWNER;
        ActivationCheckpointing storage = ActivationCheckpointing.RECOMPUTED;
        if (passes) {
            storage = memory.storage(MemoryLimits.ofThisMachine());
            LOGGER.info("{}", memory.plan(storage).describe());
        }
        DelayPattern pattern = info.pattern();
        int steps = pattern.steps(memory.frames());
        tokenizer = info.tokenizer();
        BatchShape capacity = passes
                ? new BatchShape(settings.compute().microBatch(), steps, tokenizer.capacity())
                : new BatchShape(1, 1, tokenizer.capacity());
        boolean guided = settings.rollout().isGuided();
        workspaces =
                new Workspaces(shards, config, guided ? capacity.twice() : capacity, storage, memory.textEncoding());
        evaluationFrames = memory.evaluationFrames();

        if (settings.policy().lora().isPresent() && AdapterFiles.isAdapter(checkpoint)) {
            throw new InvalidFileException(
                    checkpoint,
                    "holds adapters, and policy.lora adds none to those; write the model first: ./encore merge");
        }
        Optional<LoraSettings> lora = settings.policy().lora();
        MusicTransformer base = info.load(shards.kernels(0));
        referenceReplicas = passes ? new Replicas(shards, base) : null;
        // With adapters the projection of the text is frozen too, and the same in every network.
        boolean given = passes && lora.isPresent() && config.readsText();
        batcher = new CodeBatcher(
                pattern, tokenizer, steps, given ? Optional.of(new FrozenText(base, tokenizer)) : Optional.empty());
        reference = passes
                ? new Reference(
                        referenceReplicas,
                        workspaces,
                        capacity,
                        settings.rollout().temperature(),
                        settings.rollout().guidanceScale())
                : null;
        MusicTransformer trained = lora.isPresent()
                ? adapted(base, lora.get(), ModelConfig.Head.CODES, settings.seed())
                : passes ? info.load(shards.kernels(0)) : base;
        policy = policy(settings, new Replicas(shards, trained));
        boolean reads = settings.value().network() instanceof ValueNetwork.Reader;
        // A reader is small: it stays with the owner, and workers give it what it reads.
        critic = settings.advantages().estimator().needsValues() && !(reads && role == Role.WORKER)
                ? Optional.of(critic(settings, info, base, shards, steps))
                : Optional.empty();
        if (role != Role.WORKER) {
            policy.optimiser().reserve();
            trunk().ifPresent(each -> each.learner().optimiser().reserve());
        }
        generator = passes ? generator(settings, memory.rolloutFrames(), codec) : null;
        evaluationGenerator = passes && memory.rolloutFrames() != evaluationFrames
                ? generator(settings, evaluationFrames, codec)
                : generator;
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
            FineTuneSettings settings, CheckpointInfo info, MusicTransformer base, Shards shards, int steps)
            throws IOException {
        return settings.value().network() instanceof ValueNetwork.Reader reader
                ? reader(reader, settings, info, shards, steps)
                : trunk(settings, info, base, shards);
    }

    private Critic reader(
            ValueNetwork.Reader reader, FineTuneSettings settings, CheckpointInfo info, Shards shards, int steps)
            throws IOException {
        RandomStreams streams = new RandomStreams(settings.seed());
        BatchShape capacity = new BatchShape(settings.compute().microBatch(), steps, tokenizer.capacity());
        ReaderNetwork.Sizes sizes = FineTuneMemory.readerSizes(reader, info.config(), capacity);
        return new ReaderCritic(
                reader,
                settings.value(),
                new ReaderCritic.Parts(
                        info.config().readsText(),
                        batcher,
                        info.pattern(),
                        settings.compute().microBatch()),
                new ReaderNetwork(
                        shards,
                        settings.compute().shards(),
                        sizes,
                        streams.stream(RandomStreams.Purpose.INITIALISATION, sizes.hidden())),
                streams,
                settings.iterations());
    }

    private TrunkCritic trunk(FineTuneSettings settings, CheckpointInfo info, MusicTransformer base, Shards shards)
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

    /** What trains a network; empty if there is no such network. */
    Optional<Learner> learner(Network network) {
        return network == Network.POLICY ? Optional.of(policy) : trunk().map(TrunkCritic::learner);
    }

    /** The value network, if it is a trunk of the model's kind. */
    Optional<TrunkCritic> trunk() {
        return critic.filter(TrunkCritic.class::isInstance).map(TrunkCritic.class::cast);
    }

    /** The value network; empty if the advantage estimator needs no values, and in a worker if it is a reader. */
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
        if (generator != null) {
            generator.close();
        }
        if (evaluationGenerator != generator) {
            evaluationGenerator.close();
        }
        tokenizer.close();
    }
}
