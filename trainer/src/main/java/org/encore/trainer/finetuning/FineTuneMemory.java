package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.memory.Footprint;
import org.encore.model.memory.MemoryBudget;
import org.encore.model.memory.MemoryBudget.Alternative;
import org.encore.model.memory.MemoryBudget.MemoryLimits;
import org.encore.model.memory.MemoryPlan;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.Activations.TextEncoding;
import org.encore.model.transformer.IncrementalDecoder;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ParameterLayout;
import org.encore.run.ComputeSettings;
import org.encore.trainer.finetuning.FineTuneSettings.Rollout;
import org.encore.trainer.value.ReaderNetwork;
import org.encore.trainer.value.ValueNetwork;

/**
 * Computes the memory that a fine-tuning run needs, before it starts.
 *
 * @param settings of the run
 * @param config configuration of the initial model
 * @param codec sizes of its codec, if that is a neural one
 */
public record FineTuneMemory(FineTuneSettings settings, ModelConfig config, Optional<EncodecConfig> codec) {
    /**
     * Chooses activation checkpointing for the available memory.
     *
     * @throws IllegalArgumentException if the run does not fit; the message names settings that fit
     */
    public ActivationCheckpointing storage(MemoryLimits limits) {
        long parameters = ParameterLayout.count(config);
        if (parameters > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the model has " + parameters
                    + " parameters, but models of at most 2^31 - 1 can be opened; take a smaller model");
        }
        ComputeSettings compute = settings.compute();
        return new MemoryBudget(limits, this::plan, "rollout.maxFrames and evaluation.maxFrames", alternatives(limits))
                .settle(compute.activationCheckpointing(), compute.microBatch(), frames());
    }

    /** Changes of other settings than those of a pass. */
    private List<Alternative> alternatives(MemoryLimits limits) {
        List<Alternative> others = new ArrayList<>();
        Rollout rollout = settings.rollout();
        if (rollout.packing() != Packing.INT16) {
            others.add(new Alternative("rollout.packing: int16", limits, with(rollout.with(Packing.INT16))));
        }
        for (int batch = rollout.batch() / 2; batch >= 1; batch /= 2) {
            others.add(new Alternative("rollout.batch: " + batch, limits, with(rollout.withBatch(batch))));
        }
        largerHeap(limits).ifPresent(others::add);
        if (settings.policy().lora().isEmpty()) {
            FineTuneSettings adapted = settings.with(settings.policy().with(LoraSettings.defaults()));
            others.add(new Alternative("policy.lora: {}", limits, new FineTuneMemory(adapted, config, codec)::plan));
        }
        return others;
    }

    private Optional<Alternative> largerHeap(MemoryLimits limits) {
        try {
            MemoryPlan least = plan(ActivationCheckpointing.RECOMPUTED);
            long heap = MemoryLimits.heapFor(least.bytes(MemoryPlan.Place.HEAP));
            MemoryLimits larger = limits.withHeap(heap);
            return larger.heapBytes() > limits.heapBytes()
                    ? Optional.of(new Alternative("ENCORE_JAVA_OPTS=-Xmx" + heap + "g", larger, this::plan))
                    : Optional.empty();
        } catch (ArithmeticException tooLarge) {
            return Optional.empty();
        }
    }

    private Function<MemoryBudget.Sizes, MemoryPlan> with(Rollout rollout) {
        return new FineTuneMemory(settings.with(rollout), config, codec)::plan;
    }

    /** The memory plan of the run. */
    public MemoryPlan plan(ActivationCheckpointing storage) {
        return plan(new MemoryBudget.Sizes(settings.compute().microBatch(), frames(), storage));
    }

    /** What passes do with the text encoder: adapters leave it as it is, so its states are computed once a prompt. */
    TextEncoding textEncoding() {
        if (settings.policy().lora().isPresent()) {
            // A profile lays out its own batches.
            return settings.evaluation().profile().every() > 0 ? TextEncoding.FROZEN : TextEncoding.GIVEN;
        }
        return settings.policy().trained().contains(ParameterLayout.Part.TEXT_ENCODER)
                ? TextEncoding.TRAINED
                : TextEncoding.FROZEN;
    }

    /** Longest completion in training, in frames. */
    int rolloutFrames() {
        return Math.min(settings.rollout().maxFrames(), mostFrames());
    }

    /** Longest completion and piece in evaluation, in frames. */
    int evaluationFrames() {
        return Math.min(settings.evaluation().maxFrames(), mostFrames());
    }

    /** Most frames of any forward pass. */
    int frames() {
        return Math.max(rolloutFrames(), evaluationFrames());
    }

    private int mostFrames() {
        return config.decoder().maxFrames();
    }

    private MemoryPlan plan(MemoryBudget.Sizes sizes) {
        int tokens = config.readsText() ? TextTokenizer.mostTokens() : 0;
        int shards = settings.compute().shards();
        BatchShape capacity = new BatchShape(sizes.microBatch(), steps(sizes.maxFrames()), tokens);
        List<MemoryPlan.Item> items = new ArrayList<>();
        Footprint policy = new Footprint("policy", config);
        List<Footprint> learners = new ArrayList<>(List.of(policy));
        if (settings.advantages().estimator().needsValues()
                && settings.value().network() instanceof ValueNetwork.Trunk) {
            learners.add(new Footprint("value", config.withHead(ModelConfig.Head.SCALAR)));
        }
        for (Footprint learner : learners) {
            if (settings.policy().lora().isPresent()) {
                items.add(learner.adapters(settings.policy().lora().get(), shards));
                continue;
            }
            items.addAll(learner.weights());
            items.add(learner.gradients(shards));
            items.add(learner.moments());
        }
        reader(capacity).ifPresent(items::add);
        Footprint reference = new Footprint("reference", config);
        items.addAll(reference.weights());
        items.add(reference.logProbs(capacity, shards));
        int branches = settings.rollout().isGuided() ? 2 : 1;
        BatchShape pass = branches == 2 ? capacity.twice() : capacity;
        items.add(Footprint.activations(config, pass, sizes.checkpointing(), textEncoding(), shards));
        // Training and evaluation have separate generators if their lengths differ.
        int slots = branches * settings.rollout().batch();
        IntStream.of(rolloutFrames(), evaluationFrames())
                .map(frames -> Math.min(frames, sizes.maxFrames()))
                .distinct()
                .forEach(frames -> {
                    items.addAll(policy.decoding(decoding(slots, frames, tokens), shards));
                    items.add(policy.decodingBuffers(slots, tokens, shards));
                    if (settings.policy().lora().isPresent()) {
                        items.add(policy.merging());
                    }
                });
        if (settings.policy().lora().isPresent() && config.readsText()) {
            items.add(reference.frozenText(tokens));
        }
        codec.ifPresent(sound -> {
            // The codec has one shard a processor.
            items.addAll(Footprint.codec(sound, Runtime.getRuntime().availableProcessors()));
            items.add(rollouts(sound, Math.min(rolloutFrames(), sizes.maxFrames())));
        });
        return new MemoryPlan(items);
    }

    /** The value network, if it is a reader. */
    private Optional<MemoryPlan.Item> reader(BatchShape capacity) {
        if (!settings.advantages().estimator().needsValues()
                || !(settings.value().network() instanceof ValueNetwork.Reader reader)) {
            return Optional.empty();
        }
        ReaderNetwork.Sizes sizes = readerSizes(reader, config, capacity);
        return Optional.of(new MemoryPlan.Item(
                "value reader",
                MemoryPlan.Place.OFF_HEAP,
                Float.BYTES * sizes.elements(settings.compute().shards())));
    }

    /** The sizes of a reader whose passes are as large as those of a trunk. */
    static ReaderNetwork.Sizes readerSizes(ValueNetwork.Reader reader, ModelConfig config, BatchShape capacity) {
        return new ReaderNetwork.Sizes(
                config.decoder().codebooks(),
                config.decoder().startToken() + 1,
                reader.embedding(),
                reader.hidden(),
                capacity.batch() * capacity.steps(),
                capacity.steps());
    }

    /** Codes and sound of the completions of an iteration. */
    private MemoryPlan.Item rollouts(EncodecConfig sound, int frames) {
        DecoderConfig d = config.decoder();
        long codes = (long) d.codebooks() * Integer.BYTES + 2L * Double.BYTES;
        long samples = (long) sound.hop() * sound.channels() * d.audioChannels() * Float.BYTES;
        return new MemoryPlan.Item(
                "completions", MemoryPlan.Place.HEAP, (long) settings.rollout().samples() * frames * (codes + samples));
    }

    /** Capacity of the decoder of a shard. */
    private IncrementalDecoder.Capacity decoding(int slots, int frames, int tokens) {
        Rollout rollout = settings.rollout();
        return new IncrementalDecoder.Capacity(slots, steps(frames), tokens, rollout.packing());
    }

    private int steps(int frames) {
        return DelayPattern.of(config.decoder()).steps(frames);
    }
}
