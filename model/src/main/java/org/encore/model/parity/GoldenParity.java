package org.encore.model.parity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.kernels.Kernels;
import org.encore.model.parity.GoldenPass.Kind;
import org.encore.model.text.TextTokenizer.TextBatch;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsFile;

/**
 * Recomputes the tensors of a golden file, by name.
 *
 * <p>Text: {@code ids}, {@code am} {@code [B, S]} give {@code t5_out} and {@code enc_proj}; {@code t5_long_ids} gives {@code
 * t5_long_out}. Decoder: {@code dec_in} {@code [R, T]} gives {@code dec_hidden_i} {@code [B, T, D]} and {@code logits} {@code
 * [R, T, V]}; with {@code codes} {@code [B, K, T - 1]} also {@code logp} and {@code pg_loss} {@code = -mean(adv · logp)}, adv
 * rising linearly from -1 in the first row to 1 in the last. {@code labels} {@code [B, T, K]} give {@code loss_supervised}.
 * With {@code guidance_scale}: {@code guided_logits}, {@code guided_logp}, {@code guided_pg_loss}, and, given {@code
 * reference_guided_logits}, {@code guided_kl} {@code [R, T - 1]}. {@code heads_i} {@code [B, T, D]} are the outputs of layer
 * i's self-attention heads before the output projection, and {@code steered_logits} the logits where {@code steer_vector} is
 * added to head {@code steer_head} of layer {@code steer_layer} from step {@code steer_from} on. {@code delay_mask_bos} and the greedy codes {@code
 * gen_codes_nocfg_greedy}, {@code gen_codes_cfgX_greedy} must agree exactly; {@code gen_audio_…} is their sound. For the other tensors of the
 * codec see {@code CodecParity}.
 *
 * <p>Gradients: {@code grad.<parameter>} of {@code pg_loss}, or of {@code guided_pg_loss} if the file has that; {@code
 * gradkl.<parameter>} of the mean of {@code guided_kl}.
 */
final class GoldenParity implements Parity {
    private static final Set<String> INPUTS = Set.of(
            "ids",
            "am",
            "t5_long_ids",
            "codes",
            "dec_in",
            "labels",
            "guidance_scale",
            "reference_guided_logits",
            "steer_layer",
            "steer_head",
            "steer_from",
            "steer_vector");
    private static final Pattern GREEDY = Pattern.compile("gen_codes_(nocfg|cfg(?<scale>[0-9.]+))_greedy");
    private static final Pattern GREEDY_SOUND = Pattern.compile("gen_audio_(nocfg|cfg(?<scale>[0-9.]+))_greedy");

    private final SafetensorsFile golden;
    private final Path directory;
    private final Kernels kernels;
    private final Path goldenFile;
    private final Map<GoldenPass.Kind, GoldenPass> passes = new EnumMap<>(GoldenPass.Kind.class);
    private final boolean hasCodec;
    private MusicTransformer model;
    private CodecParity codec;

    private GoldenParity(Path directory, Path goldenFile, SafetensorsFile golden, Kernels kernels) throws IOException {
        this.hasCodec = EncodecModel.isIn(directory);
        this.directory = directory;
        this.goldenFile = goldenFile;
        this.golden = golden;
        this.kernels = kernels;
    }

    /** Opens; loads the model unless the directory holds a codec alone. */
    static GoldenParity open(Path modelDirectory, Path goldenFile, SafetensorsFile golden, Kernels kernels)
            throws IOException {
        GoldenParity parity = new GoldenParity(modelDirectory, goldenFile, golden, kernels);
        if (!EncodecModel.isAlone(modelDirectory)) {
            parity.model = ModelDirectory.load(modelDirectory, kernels);
        }
        return parity;
    }

    @Override
    public List<TensorComparison> values() throws IOException {
        List<TensorComparison> result = new ArrayList<>();
        for (String name : golden.names()) {
            result.add(compare(name));
        }
        return result;
    }

    private TensorComparison compare(String name) throws IOException {
        if (hasCodec && CodecParity.hasValues(golden, name)) {
            return close(name, codec().values(name));
        }
        if (hasCodec && CodecParity.hasCodes(golden, name)) {
            return TensorComparison.exact(name, golden.integers(name), codec().codes(name));
        }
        if (INPUTS.contains(name) || CodecParity.INPUTS.contains(name)) {
            return TensorComparison.input(name);
        }
        Matcher sound = GREEDY_SOUND.matcher(name);
        if (model == null || (sound.matches() && !hasCodec)) {
            return TensorComparison.notCovered(name);
        }
        Matcher greedy = GREEDY.matcher(name);
        if (greedy.matches()) {
            double scale = greedy.group("scale") == null ? 1.0 : Double.parseDouble(greedy.group("scale"));
            int frames = golden.entry(name).shape().get(2);
            return TensorComparison.exact(name, golden.integers(name), greedyCodes(frames, scale));
        }
        if (sound.matches()) {
            double scale = sound.group("scale") == null ? 1.0 : Double.parseDouble(sound.group("scale"));
            return close(name, greedySound(name, scale));
        }
        return switch (name) {
            case "t5_long_out" -> close(name, GoldenPass.longText(model, golden));
            case "t5_out" -> close(name, pass(Kind.PLAIN).textStates());
            case "enc_proj" -> close(name, pass(Kind.PLAIN).projectedText());
            case "logits" -> close(name, pass(Kind.PLAIN).logits());
            case "logp" -> close(name, pass(Kind.PLAIN).logProbs());
            case "pg_loss" -> close(name, new float[] {(float) pass(Kind.PLAIN).policyGradientLoss()});
            case "loss_supervised" -> close(name, new float[] {(float) GoldenPass.supervisedLoss(model, golden)});
            case "guided_logits" -> close(name, pass(Kind.GUIDED).logits());
            case "guided_logp" -> close(name, pass(Kind.GUIDED).logProbs());
            case "guided_pg_loss" ->
                close(name, new float[] {(float) pass(Kind.GUIDED).policyGradientLoss()});
            case "guided_kl" -> close(name, pass(Kind.GUIDED_KL).kls());
            case "delay_mask_bos" -> TensorComparison.exact(name, golden.integers(name), delayMask(name));
            case "steered_logits" -> close(name, pass(Kind.STEERED).logits());
            default -> ofLayer(name);
        };
    }

    private TensorComparison ofLayer(String name) throws IOException {
        int layers = model.config().decoder().layers();
        if (name.startsWith("dec_hidden_")) {
            return close(name, pass(Kind.PLAIN).hidden(index(name, "dec_hidden_", layers)));
        }
        if (name.startsWith("heads_")) {
            return close(name, pass(Kind.PLAIN).heads(index(name, "heads_", layers - 1)));
        }
        return TensorComparison.notCovered(name);
    }

    private int index(String name, String prefix, int last) {
        try {
            int index = Integer.parseInt(name.substring(prefix.length()));
            if (index >= 0 && index <= last) {
                return index;
            }
        } catch (NumberFormatException e) {
            throw new InvalidFileException(goldenFile, "tensor " + name + " has no number of a layer in its name", e);
        }
        throw new InvalidFileException(goldenFile, "tensor " + name + " is of a layer that the model does not have");
    }

    private GoldenPass pass(Kind kind) throws IOException {
        GoldenPass known = passes.get(kind);
        if (known == null) {
            known = new GoldenPass(model, golden, kind);
            passes.put(kind, known);
        }
        return known;
    }

    private TensorComparison close(String name, float[] actual) throws IOException {
        return TensorComparison.close(name, golden.floats(name), actual);
    }

    /** The layout of a sequence of the golden mask's length: the start token for no code, -1 for a code. */
    private int[] delayMask(String name) {
        List<Integer> shape = golden.entry(name).shape();
        int rows = shape.get(0);
        int length = shape.get(1);
        int codebooks = model.config().decoder().codebooks();
        DelayPattern pattern = DelayPattern.of(model.config().decoder());
        int[] mask = new int[rows * length];
        int frames = pattern.frames(length - 1);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < length; column++) {
                boolean code = column > 0 && pattern.hasCode(row % codebooks, column - 1, frames);
                mask[row * length + column] = code ? -1 : pattern.startToken();
            }
        }
        return mask;
    }

    private CodecParity codec() throws IOException {
        if (codec == null) {
            codec = new CodecParity(directory, golden, kernels);
        }
        return codec;
    }

    /** The sound of what the model generates. */
    private float[] greedySound(String name, double scale) throws IOException {
        int batch = golden.entry(name).shape().get(0);
        int frames = codec().frames(golden.entry(name).shape().get(2));
        int rows = model.config().decoder().codebooks();
        return codec().decoded(greedyCodes(frames, scale), batch, rows, frames);
    }

    private int[] greedyCodes(int frames, double scale) throws IOException {
        TextBatch prompts = GoldenPass.prompts(golden);
        Generator.Settings settings = new Generator.Settings(
                prompts.batch(), frames, prompts.tokens(), SamplingSettings.greedy(scale), OptionalInt.empty());
        List<RandomGenerator> streams = new ArrayList<>();
        for (int b = 0; b < prompts.batch(); b++) {
            streams.add(new RandomStreams(0).stream(RandomStreams.Purpose.SAMPLING, b));
        }
        try (Generator generator = new Generator(model, settings)) {
            return Arrays.stream(generator.generate(prompts, streams).codes())
                    .flatMap(Arrays::stream)
                    .flatMapToInt(Arrays::stream)
                    .toArray();
        }
    }

    /** Compares the gradient by every parameter that the file names {@code grad.<parameter>} or {@code gradkl.<parameter>}. */
    @Override
    public List<TensorComparison> gradients(Path gradientsFile) throws IOException {
        if (model == null) {
            throw new InvalidFileException(directory, "holds a codec alone, whose gradients are not compared");
        }
        List<TensorComparison> result = new ArrayList<>();
        try (SafetensorsFile expected = SafetensorsFile.open(gradientsFile)) {
            for (String name : expected.names()) {
                int dot = name.indexOf('.');
                Kind kind = name.startsWith("gradkl.")
                        ? Kind.GUIDED_KL
                        : golden.has("guided_pg_loss") ? Kind.GUIDED : Kind.PLAIN;
                float[] actual = pass(kind).gradients().get(name.substring(dot + 1));
                result.add(
                        actual == null
                                ? TensorComparison.notCovered(name)
                                : TensorComparison.gradient(name, expected.floats(name), actual));
            }
        }
        return result;
    }

    @Override
    public void close() throws IOException {
        golden.close();
    }
}
