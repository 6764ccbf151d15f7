package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.memory.Footprint;
import org.encore.model.memory.MemoryBudget;
import org.encore.model.memory.MemoryBudget.MemoryLimits;
import org.encore.model.memory.MemoryPlan;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.Activations.TextEncoding;
import org.encore.model.transformer.IncrementalDecoder;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ParameterLayout;
import org.encore.run.ComputeSettings;

/**
 * Computes the memory that a fine-tuning run needs, before it starts.
 *
 * @param settings of the run
 * @param config configuration of the initial model
 */
public record FineTuneMemory(FineTuneSettings settings, ModelConfig config) {
    /**
     * Chooses activation checkpointing for the available memory.
     *
     * @throws IllegalArgumentException if the run does not fit; the message names settings that fit
     */
    public ActivationCheckpointing storage(MemoryLimits limits) {
        ComputeSettings compute = settings.compute();
        return new MemoryBudget(limits, this::plan, "rollout.maxFrames and evaluation.maxFrames")
                .settle(compute.activationCheckpointing(), compute.microBatch(), frames());
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
        if (settings.advantages().estimator().needsValues()) {
            learners.add(new Footprint("value", config.withHead(ModelConfig.Head.SCALAR)));
        }
        for (Footprint learner : learners) {
            if (settings.policy().lora().isPresent()) {
                items.add(learner.adapters(settings.policy().lora().get(), shards));
                continue;
            }
            items.add(learner.weights());
            items.add(learner.gradients(shards));
            items.add(learner.moments());
        }
        Footprint reference = new Footprint("reference", config);
        items.add(reference.weights());
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
                    items.add(policy.decoding(decoding(slots, frames, tokens), shards));
                    items.add(policy.decodingBuffers(slots, tokens, shards));
                });
        return new MemoryPlan(items);
    }

    /** Capacity of the decoder of a shard. */
    private IncrementalDecoder.Capacity decoding(int slots, int frames, int tokens) {
        FineTuneSettings.Rollout rollout = settings.rollout();
        return new IncrementalDecoder.Capacity(slots, steps(frames), tokens, rollout.packing());
    }

    private int steps(int frames) {
        return DelayPattern.of(config.decoder()).steps(frames);
    }
}
