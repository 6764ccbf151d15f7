package org.encore.trainer.pretraining;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.kernels.DecodingKernels.Packing;
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
import org.encore.music.codec.AudioCodec;
import org.encore.run.ComputeSettings;
import org.encore.trainer.pretraining.PretrainSettings.ModelSettings;

/**
 * Computes the memory that a pretraining run needs, before it starts.
 *
 * @param settings of the run
 * @param known the initial model; empty for a new one
 * @param codec codec of the pieces; may be empty if the model is known
 */
public record PretrainMemory(PretrainSettings settings, Optional<ModelConfig> known, Optional<AudioCodec> codec) {
    /**
     * Chooses activation checkpointing for the available memory.
     *
     * @throws IllegalArgumentException if the run does not fit; the message names settings that fit
     */
    public ActivationCheckpointing storage(MemoryLimits limits) {
        ComputeSettings compute = settings.compute();
        return new MemoryBudget(limits, this::plan, "model.maxFrames")
                .settle(compute.activationCheckpointing(), compute.microBatch(), maxFrames());
    }

    private int maxFrames() {
        int most = known.map(config -> config.decoder().maxFrames())
                .orElse(settings.model().maxFrames());
        return codec.map(each -> settings.corpus().frames(each, most)).orElse(most);
    }

    /** The memory plan of the run. */
    public MemoryPlan plan(ActivationCheckpointing storage) {
        return plan(new MemoryBudget.Sizes(settings.compute().microBatch(), maxFrames(), storage));
    }

    /** With adapters the text encoder is frozen, so that each prompt is encoded once, outside of the passes. */
    TextEncoding textEncoding(ModelConfig config) {
        return settings.training().lora().isPresent() && config.readsText() ? TextEncoding.GIVEN : TextEncoding.TRAINED;
    }

    private MemoryPlan plan(MemoryBudget.Sizes sizes) {
        ModelConfig config = known.orElseGet(() -> newModel(sizes.maxFrames()));
        int steps = DelayPattern.of(config.decoder()).steps(sizes.maxFrames());
        int tokens = config.readsText() ? TextTokenizer.mostTokens() : 0;
        int shards = settings.compute().shards();
        int slots = (settings.evaluation().samples() + shards - 1) / shards;
        Footprint network = new Footprint("model", config);
        List<MemoryPlan.Item> items = new ArrayList<>();
        items.addAll(network.weights());
        if (settings.training().lora().isPresent()) {
            items.add(network.adapters(settings.training().lora().get(), shards));
        } else {
            items.add(network.gradients(shards));
            items.add(network.moments());
        }
        BatchShape capacity = new BatchShape(sizes.microBatch(), steps, tokens);
        items.add(Footprint.activations(config, capacity, sizes.checkpointing(), textEncoding(config), shards));
        if (textEncoding(config) == TextEncoding.GIVEN) {
            items.add(network.frozenText(tokens));
        }
        if (slots > 0) {
            IncrementalDecoder.Capacity shard = new IncrementalDecoder.Capacity(slots, steps, tokens, Packing.INT16);
            items.addAll(network.decoding(shard, shards));
            items.add(network.decodingBuffers(slots, tokens, shards));
        }
        return new MemoryPlan(items);
    }

    private ModelConfig newModel(int maxFrames) {
        ModelSettings model = settings.model().withMaxFrames(maxFrames);
        // The vocabulary is counted later; this is its upper bound.
        int words = model.text().map(ModelSettings.Text::vocabulary).orElse(0);
        AudioCodec pieces = codec.orElseThrow();
        return model.config(pieces.codebooks(), pieces.cardinality(), words);
    }
}
