package org.encore.model.parity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.encodec.SeaNet;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;
import org.encore.model.weights.SafetensorsFile;

/**
 * Recomputes the tensors of a golden file that belong to the codec.
 *
 * <p>Hugging Face: {@code codes} {@code [B, K, F]} give {@code audio} {@code [B, channels, samples]}, twice the codebooks two
 * channels, codebook by codebook in turn; {@code wav_in} gives {@code enc_emb} {@code [B, D, F]} and {@code enc_codes}.
 * Audiocraft: {@code wav} gives {@code latent} and {@code codes}, these {@code recon}; {@code rand_codes} give {@code dequant}
 * and {@code rand_audio}.
 */
final class CodecParity {
    /** Inputs of the comparison. */
    static final Set<String> INPUTS = Set.of("wav_in", "wav", "rand_codes");

    private static final Map<String, String> SOUNDS =
            Map.of("audio", "codes", "recon", "codes", "rand_audio", "rand_codes");
    private static final Map<String, String> LATENTS = Map.of("enc_emb", "wav_in", "latent", "wav");
    private static final Map<String, String> CODES = Map.of("enc_codes", "wav_in", "codes", "wav");

    private final SafetensorsFile golden;
    private final Kernels kernels;
    private final EncodecModel codec;

    CodecParity(Path directory, SafetensorsFile golden, Kernels kernels) throws IOException {
        this.golden = golden;
        this.kernels = kernels;
        this.codec = EncodecModel.load(directory, kernels);
    }

    /** Whether a tensor holds what codec and golden file together give: sound, latent frames or sums of codebook rows. */
    static boolean hasValues(SafetensorsFile golden, String name) {
        return isGiven(golden, SOUNDS, name) || isGiven(golden, LATENTS, name) || name.equals("dequant");
    }

    /** Whether a tensor holds codes of a sound in the golden file. */
    static boolean hasCodes(SafetensorsFile golden, String name) {
        return isGiven(golden, CODES, name);
    }

    private static boolean isGiven(SafetensorsFile golden, Map<String, String> sources, String name) {
        return sources.containsKey(name) && golden.has(sources.get(name));
    }

    /** Frames of a sound. */
    int frames(int samples) {
        return codec.config().frames(samples);
    }

    /** The tensor recomputed, {@code [B, C, T]}. */
    float[] values(String name) throws IOException {
        if (SOUNDS.containsKey(name)) {
            return decoded(SOUNDS.get(name));
        }
        return LATENTS.containsKey(name) ? encoded(LATENTS.get(name)) : summed("rand_codes");
    }

    private float[] decoded(String source) throws IOException {
        List<Integer> shape = golden.entry(source).shape();
        return decoded(golden.integers(source), shape.get(0), shape.get(1), shape.get(2));
    }

    /** Sound of codes {@code [B, rows, F]}. Shapes: result {@code [B, channels, samples]} */
    float[] decoded(int[] codes, int batch, int rows, int frames) {
        EncodecConfig config = codec.config();
        int parts = rows / config.codebooks();
        SeaNet decoder = codec.decoder(kernels, 1, frames);
        int samples = decoder.steps(frames);
        float[] result = new float[batch * parts * config.channels() * samples];
        Tensor latent = kernels.allocate(frames, config.hidden());
        for (int b = 0; b < batch; b++) {
            for (int part = 0; part < parts; part++) {
                int[][] one = new int[config.codebooks()][];
                for (int k = 0; k < one.length; k++) {
                    int first = (b * rows + k * parts + part) * frames;
                    one[k] = Arrays.copyOfRange(codes, first, first + frames);
                }
                codec.quantiser(kernels, frames).decode(one, latent);
                float[] sound = kernels.readFloats(decoder.forward(latent, 1));
                channelsFirst(sound, config.channels(), samples, result, (b * parts + part) * sound.length);
            }
        }
        return result;
    }

    private float[] summed(String source) throws IOException {
        List<Integer> shape = golden.entry(source).shape();
        int frames = shape.get(2);
        int[] codes = golden.integers(source);
        int width = codec.config().hidden();
        float[] result = new float[shape.get(0) * width * frames];
        Tensor latent = kernels.allocate(frames, width);
        for (int b = 0; b < shape.get(0); b++) {
            int[][] one = new int[shape.get(1)][];
            for (int k = 0; k < one.length; k++) {
                int first = (b * one.length + k) * frames;
                one[k] = Arrays.copyOfRange(codes, first, first + frames);
            }
            codec.quantiser(kernels, frames).decode(one, latent);
            channelsFirst(kernels.readFloats(latent), width, frames, result, b * width * frames);
        }
        return result;
    }

    private float[] encoded(String source) throws IOException {
        int batch = golden.entry(source).shape().get(0);
        int width = codec.config().hidden();
        float[] result = null;
        for (int b = 0; b < batch; b++) {
            Tensor latent = latent(source, b);
            result = result == null ? new float[batch * Math.toIntExact(latent.size())] : result;
            channelsFirst(kernels.readFloats(latent), width, latent.rows(), result, b * Math.toIntExact(latent.size()));
        }
        return result;
    }

    /** The codes recomputed, {@code [B, K, F]}. */
    int[] codes(String name) throws IOException {
        String source = CODES.get(name);
        int batch = golden.entry(source).shape().get(0);
        int[] result = null;
        for (int b = 0; b < batch; b++) {
            Tensor latent = latent(source, b);
            int frames = latent.rows();
            int[][] codes = codec.quantiser(kernels, frames).encode(latent);
            result = result == null ? new int[batch * codes.length * frames] : result;
            for (int k = 0; k < codes.length; k++) {
                System.arraycopy(codes[k], 0, result, (b * codes.length + k) * frames, frames);
            }
        }
        return result;
    }

    /** Latent frames of one sound. Shapes: {@code [F, hidden]} */
    private Tensor latent(String source, int index) throws IOException {
        List<Integer> shape = golden.entry(source).shape();
        int channels = shape.get(1);
        int samples = shape.get(2);
        float[] all = golden.floats(source);
        float[] interleaved = new float[channels * samples];
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < samples; i++) {
                interleaved[i * channels + c] = all[(index * channels + c) * samples + i];
            }
        }
        Tensor sound = kernels.allocate(samples, channels);
        kernels.write(sound, interleaved);
        return codec.encoder(kernels, 1, samples).forward(sound, 1);
    }

    /** Rows {@code [T, C]} into their place among {@code [.., C, T]}. */
    private static void channelsFirst(float[] rows, int channels, int steps, float[] target, int offset) {
        for (int t = 0; t < steps; t++) {
            for (int c = 0; c < channels; c++) {
                target[offset + c * steps + t] = rows[t * channels + c];
            }
        }
    }
}
