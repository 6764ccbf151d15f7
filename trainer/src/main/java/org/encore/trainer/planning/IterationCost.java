package org.encore.trainer.planning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.LayerSpec;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ParameterLayout;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.value.ValueNetwork;

/**
 * Counts the work of an iteration and of an evaluation, and the seconds it takes at the rates of a machine.
 *
 * <p>Every completion is as long as {@code maxFrames} allows: with an end code it may be shorter. Prompts have {@value #TEXT_TOKENS}
 * tokens, a caption of a sentence.
 *
 * @param settings of the run
 * @param config sizes of the model
 * @param codec sizes of its codec, if that is a neural one
 * @param checkpointing whether backward passes run forward again
 */
public record IterationCost(
        FineTuneSettings settings,
        ModelConfig config,
        Optional<EncodecConfig> codec,
        ActivationCheckpointing checkpointing) {
    private static final int TEXT_TOKENS = 16;
    /** The codec decodes at this share of the rate of a block's products, by {@code encore bench encodec}. */
    private static final double CODEC_SHARE = 0.5;

    /** Bytes that AdamW reads and writes for a parameter: weight, gradient and two moments, and three of them back. */
    private static final double OPTIMISER_BYTES = 7.0 * Float.BYTES;

    /**
     * Passes over the sequences of an iteration.
     *
     * @param forward passes forward
     * @param backward passes backward
     * @param rows rows of one pass
     */
    private record Passes(int forward, int backward, double rows) {}

    private int branches() {
        return settings.rollout().isGuided() ? 2 : 1;
    }

    private int frames(int most) {
        return Math.min(most, config.decoder().maxFrames());
    }

    private int steps(int frames) {
        return DelayPattern.of(config.decoder()).steps(frames);
    }

    /** Rows of a pass over the completions of an iteration, without guidance. */
    private double rows() {
        return (double) settings.rollout().samples()
                * steps(frames(settings.rollout().maxFrames()));
    }

    /** Operations of the blocks in a pass forward, by row. */
    static double blockOperations(ModelConfig config, int steps) {
        DecoderConfig d = config.decoder();
        double width = d.width();
        double squares = config.readsText() ? 6 : 4;
        double products = 2.0 * width * (squares * width + 2.0 * d.feedForward());
        // Half of the pairs, two products; a prompt's keys and values are few rows.
        double attention = 2.0 * steps * width + (config.readsText() ? 4.0 * TEXT_TOKENS * width : 0.0);
        return d.layers() * (products + attention);
    }

    /** Operations of the heads in a pass forward, by row. */
    static double headOperations(ModelConfig config) {
        DecoderConfig d = config.decoder();
        return 2.0 * d.width() * d.codebooks() * d.vocabulary();
    }

    /**
     * Bytes that a step of generation reads in the blocks: weights, and keys and values of all slots.
     *
     * @param slots sequences of a shard, both branches
     * @param position steps before this one
     */
    static double blockBytes(ModelConfig config, Packing packing, int slots, double position) {
        DecoderConfig d = config.decoder();
        double number = packing == Packing.INT16 ? Short.BYTES : Float.BYTES;
        double squares = config.readsText() ? 6 : 4;
        double weights = d.width() * (squares * d.width() + 2.0 * d.feedForward());
        double cached = 2.0 * slots * position * d.width();
        return number * d.layers() * (weights + cached);
    }

    /** Sequences that a shard generates at a time. */
    int atOnce(int sequences) {
        int shards = settings.compute().shards();
        return Math.min(settings.rollout().batch(), (sequences + shards - 1) / shards);
    }

    /** Seconds of each phase of an iteration, in the names of its metrics; what rewards compute is not in {@code reward}. */
    public Map<String, Double> iteration(MachineRates rates) {
        int samples = settings.rollout().samples();
        int frames = frames(settings.rollout().maxFrames());
        Map<String, Double> seconds = new LinkedHashMap<>();
        seconds.put("generate", generation(rates, samples, frames));
        seconds.put("reward", decoding(rates, samples, frames));
        seconds.put(
                "advantages",
                seconds(rates, assessment(), true)
                        + seconds(rates, readings(), true)
                        + seconds(rates, values(), false));
        if (settings.advantages().estimator().needsValues()) {
            // A reader is too small to count.
            seconds.put("update_value", hasTrunk() ? seconds(rates, valueUpdate(), false) + optimiser(rates) : 0.0);
        }
        seconds.put("update_policy", seconds(rates, policyUpdate(), true) + optimiser(rates));
        return seconds;
    }

    /** Seconds of the evaluations before and after the run together. */
    public double evaluations(MachineRates rates) {
        int prompts = settings.evaluation().prompts();
        int frames = frames(settings.evaluation().maxFrames());
        double rows = branches() * (double) prompts * steps(frames);
        return 2.0 * (generation(rates, prompts, frames) + decoding(rates, prompts, frames))
                + seconds(rates, new Passes(2, 0, rows), true);
    }

    /** Operations of a pass forward and of those of all phases of an iteration that train; a recomputed pass counts. */
    public double trainingOperations() {
        double sum = 0;
        for (Passes each : List.of(assessment(), readings(), values(), valueUpdate(), policyUpdate())) {
            double backward = settings.policy().lora().isPresent() ? 1.0 : 2.0;
            sum += (each.forward() + backward * each.backward())
                    * each.rows()
                    * blockOperations(config, steps(frames(settings.rollout().maxFrames())));
        }
        return sum;
    }

    private double generation(MachineRates rates, int sequences, int frames) {
        int slots = atOnce(sequences);
        int waves = (sequences + slots * settings.compute().shards() - 1)
                / (slots * settings.compute().shards());
        int steps = steps(frames);
        double bytes = blockBytes(config, settings.rollout().packing(), branches() * slots, steps / 2.0);
        return (double) waves * steps * (bytes / rates.decodingBytes() + rates.decodingOverhead() * headScale(rates));
    }

    /** Heads of other models than the measured one. */
    private double headScale(MachineRates rates) {
        return headOperations(config) / rates.headOperations();
    }

    private double decoding(MachineRates rates, int sequences, int frames) {
        double operations = codec.map(sound ->
                        config.decoder().audioChannels() * LayerSpec.operations(LayerSpec.decoder(sound), frames))
                .orElse(0.0);
        return sequences * operations / (CODEC_SHARE * rates.forward());
    }

    private Passes assessment() {
        boolean inReward =
                settings.kl().penalty().lossWeight(settings.kl().controller().initial()) == 0.0;
        return new Passes(inReward ? 1 : 0, 0, branches() * rows());
    }

    private boolean hasTrunk() {
        return settings.advantages().estimator().needsValues()
                && settings.value().network() instanceof ValueNetwork.Trunk;
    }

    /** The reference with and without prompts, whose log-ratios a reader reads. */
    private Passes readings() {
        boolean reads = settings.advantages().estimator().needsValues() && !hasTrunk() && config.readsText();
        return new Passes(reads ? 2 : 0, 0, rows());
    }

    private Passes values() {
        return new Passes(hasTrunk() ? 1 : 0, 0, rows());
    }

    private int again() {
        return checkpointing == ActivationCheckpointing.RECOMPUTED ? 2 : 1;
    }

    private Passes valueUpdate() {
        int epochs = hasTrunk() ? settings.policy().epochs() : 0;
        return new Passes(epochs * again(), epochs, rows());
    }

    /** The reference, then the policy. */
    private Passes policyUpdate() {
        int epochs = settings.policy().epochs();
        return new Passes(epochs * (1 + again()), epochs, branches() * rows());
    }

    private double seconds(MachineRates rates, Passes passes, boolean hasLogits) {
        int steps = steps(frames(settings.rollout().maxFrames()));
        double blocks = passes.rows() * blockOperations(config, steps);
        double heads = hasLogits ? passes.rows() * headOperations(config) : 0.0;
        // Activation checkpointing runs blocks again, never heads.
        int headPasses = passes.forward() + passes.backward() - (again() - 1) * passes.backward();
        return passes.forward() * blocks / rates.forward()
                + passes.backward() * blocks / rates.backward()
                + headPasses * heads / rates.heads();
    }

    /** An update of all weights is bound by memory; that of adapters is nothing. */
    private double optimiser(MachineRates rates) {
        if (settings.policy().lora().isPresent()) {
            return 0.0;
        }
        double updates = (double) settings.policy().epochs() * settings.policy().minibatches();
        return updates * OPTIMISER_BYTES * ParameterLayout.count(config) / rates.decodingBytes();
    }
}
