package org.encore.model.encodec.training;

import java.util.Arrays;
import java.util.List;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.encodec.EncodecParameters;
import org.encore.model.encodec.ResidualQuantiser;
import org.encore.model.encodec.SeaNet;
import org.encore.model.encodec.training.CodecLoss.Terms;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;

/**
 * A pass of clips of one length through encoder, quantiser and decoder, and back: one for each shard, with buffers of its own.
 *
 * <p>The quantiser has no gradient: what the decoder's input says of the loss goes to the latent frames as if they were that input (the
 * straight-through estimator, Bengio et al. 2013). The commitment loss pulls the residual before each codebook to its code (van den Oord et al. 2017, third
 * term of equation 3; Défossez et al. 2022, section 3.4).
 */
public final class CodecPass {
    private final Kernels kernels;
    private final EncodecConfig config;
    private final CodecLoss.Settings weights;
    private final SeaNet encoder;
    private final SeaNet decoder;
    private final ResidualQuantiser quantiser;
    private final CodecLoss loss;
    private final EncodecParameters gradient;
    private final int capacity;
    private final int samples;
    private final int frames;
    private final Tensor sound;
    private final Tensor quantised;
    private final Tensor latentGradient;
    private final Tensor decodedGradient;
    private final double[] soundValues;
    private final double[] quantisedValues;
    private final double[] commitmentSlopes;
    private final double[] decodedSlopes;
    private final double[] clipSlopes;
    private final double[] target;
    private final double[] estimate;
    private Held held;

    /**
     * A quantisation that does not follow the latent frames, for checks: the codes, and what they added to the frames.
     *
     * @param codes {@code [K][B·F]}
     * @param offsets quantised minus latent frames, {@code [B·F·H]}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Held(int[][] codes, double[] offsets) {}

    /**
     * What a pass found.
     *
     * @param terms of each clip
     * @param latents the encoder's frames, {@code [B·F·H]}
     * @param codes the nearest codes, {@code [K][B·F]}
     * @param decoded samples of all clips, {@code [B·T]}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Found(List<Terms> terms, double[] latents, int[][] codes, double[] decoded) {}

    /**
     * Makes the nets and their buffers.
     *
     * @param model whose weights are read, and shared by the passes of all shards
     * @param kernels of this shard
     * @param clips most clips of a pass
     * @param samples of every clip, a whole number of frames
     */
    public CodecPass(EncodecModel model, Kernels kernels, CodecLoss.Settings weights, int clips, int samples) {
        this.kernels = kernels;
        this.config = model.config();
        if (config.channels() != 1 || samples % config.hop() != 0) {
            throw new IllegalArgumentException("a codec of " + config.channels() + " channels and clips of " + samples
                    + " samples, but one channel and a multiple of " + config.hop() + " samples can be trained on");
        }
        this.weights = weights;
        this.capacity = clips;
        this.samples = samples;
        this.frames = samples / config.hop();
        this.encoder = model.encoder(kernels, clips, samples);
        this.decoder = model.decoder(kernels, clips, frames);
        this.quantiser = model.quantiser(kernels, clips * frames);
        this.loss = new CodecLoss(weights, config.sampleRate(), samples);
        this.gradient = new EncodecParameters(kernels, config);
        this.sound = kernels.allocate(clips * samples, 1);
        this.quantised = kernels.allocate(clips * frames, config.hidden());
        this.latentGradient = kernels.allocate(clips * frames, config.hidden());
        this.decodedGradient = kernels.allocate(clips * samples, 1);
        this.soundValues = new double[clips * samples];
        this.quantisedValues = new double[clips * frames * config.hidden()];
        this.commitmentSlopes = new double[quantisedValues.length];
        this.decodedSlopes = new double[clips * samples];
        this.clipSlopes = new double[samples];
        this.target = new double[samples];
        this.estimate = new double[samples];
    }

    /** The gradient added up since it was cleared; the shard's own. */
    public EncodecParameters gradient() {
        return gradient;
    }

    /** Takes the codebooks as they are now. */
    public void refresh() {
        quantiser.refresh();
    }

    /** Keeps a quantisation whatever the latent frames are; null lets it follow them. */
    void hold(Held kept) {
        held = kept;
    }

    /** The encoder alone. Shapes: result {@code [B·F·H]} */
    public double[] latents(List<float[]> clips) {
        return kernels.readDoubles(encode(clips));
    }

    private Tensor encode(List<float[]> clips) {
        if (clips.isEmpty() || clips.size() > capacity) {
            throw new IllegalArgumentException(
                    "a pass has " + clips.size() + " clips, but was made for 1 to " + capacity);
        }
        for (int b = 0; b < clips.size(); b++) {
            for (int i = 0; i < samples; i++) {
                soundValues[b * samples + i] = clips.get(b)[i];
            }
        }
        Tensor input = sound.rowRange(0, clips.size() * samples);
        kernels.write(input, values(soundValues, clips.size() * samples));
        return encoder.forward(input, clips.size());
    }

    /** As many of the first values as a tensor holds. */
    private static double[] values(double[] all, int count) {
        return count == all.length ? all : Arrays.copyOf(all, count);
    }

    /**
     * Forward, and the terms of the loss; no gradient.
     *
     * @param clips {@code [T]} each
     * @param levels how many codebooks each clip uses, from the first on; 0 leaves its frames as they are
     */
    public Found measure(List<float[]> clips, int[] levels) {
        return forward(clips, levels, 0.0);
    }

    /**
     * Forward and backward: adds the gradient of {@code weight} times the sum of the clips' losses.
     *
     * @param clips {@code [T]} each
     * @param levels how many codebooks each clip uses, from the first on; 0 leaves its frames as they are
     */
    public Found learn(List<float[]> clips, int[] levels, double weight) {
        Found found = forward(clips, levels, weight);
        int batch = clips.size();
        Tensor dy = decodedGradient.rowRange(0, batch * samples);
        kernels.write(dy, values(decodedSlopes, batch * samples));
        Tensor dz = decoder.backward(dy, gradient);
        Tensor commitment = latentGradient.rowRange(0, batch * frames);
        kernels.write(commitment, values(commitmentSlopes, Math.toIntExact(commitment.size())));
        kernels.add(dz, commitment);
        encoder.backward(commitment, gradient);
        return found;
    }

    private Found forward(List<float[]> clips, int[] levels, double weight) {
        int batch = clips.size();
        Tensor frameTensor = encode(clips);
        double[] latents = kernels.readDoubles(frameTensor);
        int[][] codes = held == null ? quantiser.encode(frameTensor) : held.codes();
        double[] commitments = new double[batch];
        for (int b = 0; b < batch; b++) {
            commitments[b] = quantise(latents, codes, b, levels[b], weight);
        }
        if (held != null) {
            for (int i = 0; i < latents.length; i++) {
                quantisedValues[i] = latents[i] + held.offsets()[i];
            }
        }
        Tensor input = quantised.rowRange(0, batch * frames);
        kernels.write(input, values(quantisedValues, Math.toIntExact(input.size())));
        double[] decoded = kernels.readDoubles(decoder.forward(input, batch));
        Terms[] terms = new Terms[batch];
        for (int b = 0; b < batch; b++) {
            float[] clip = clips.get(b);
            for (int i = 0; i < samples; i++) {
                target[i] = clip[i];
            }
            System.arraycopy(decoded, b * samples, estimate, 0, samples);
            Terms heard = loss.of(target, estimate, weight, clipSlopes);
            System.arraycopy(clipSlopes, 0, decodedSlopes, b * samples, samples);
            terms[b] = new Terms(heard.waveform(), heard.mel(), commitments[b]);
        }
        return new Found(List.of(terms), latents, codes, decoded);
    }

    /**
     * The sum of the rows of a clip's codes, its commitment and the gradient of that; returns the commitment: the mean square over frames and
     * columns of what is left after each codebook, summed over those used.
     */
    private double quantise(double[] latents, int[][] codes, int clip, int used, double weight) {
        int width = config.hidden();
        if (used == 0) {
            int from = clip * frames * width;
            System.arraycopy(latents, from, quantisedValues, from, frames * width);
            Arrays.fill(commitmentSlopes, from, from + frames * width, 0.0);
            return 0.0;
        }
        double share = 1.0 / ((double) frames * width);
        double slope = 2.0 * weight * weights.commitment() * share;
        double sum = 0.0;
        for (int f = clip * frames; f < (clip + 1) * frames; f++) {
            for (int i = 0; i < width; i++) {
                double value = latents[f * width + i];
                double left = value;
                double slopes = 0.0;
                for (int k = 0; k < used; k++) {
                    left -= quantiser.rows(k)[codes[k][f] * width + i];
                    sum += left * left;
                    slopes += left;
                }
                commitmentSlopes[f * width + i] = slope * slopes;
                quantisedValues[f * width + i] = value - left;
            }
        }
        return sum * share;
    }
}
