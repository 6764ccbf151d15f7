package org.encore.model.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.encore.base.files.InvalidFileException;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.RowStatistics;
import org.encore.model.kernels.RowStatistics.RowCoefficients;
import org.encore.model.kernels.Tensor;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.ModelBatch;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.Parameters;
import org.encore.model.weights.AudiocraftNames;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsFile;

/**
 * Recomputes the tensors that audiocraft's language model gave, by name.
 *
 * <p>The text is given as {@code cond} {@code [B, S, D]}; all of it is attended to, padding included. {@code codes} {@code [B,
 * K, F]} give {@code pattern_seq} and {@code logits} {@code [B, K, F, V]}, compared where {@code mask} is 1; {@code ce} is the
 * mean over codebooks of the mean cross-entropy over the mask, and {@code grad.<parameter>} its gradient. With guidance X:
 * {@code cfgX_logits} of {@code pattern_seq}, {@code cfgX_greedy_codes}, and {@code cfgX_greedy_cont}, which goes on from the
 * first frames of {@code codes}.
 *
 * <p>A state dict does not tell the number of heads: the number with the closest logits is taken. A directory in the Hugging
 * Face layout, such as a converted one, does.
 */
final class AudiocraftParity implements Parity {
    static final String SEQUENCE = "pattern_seq";

    private static final String GRADIENT = "grad.";
    private static final List<String> INPUTS = List.of("cond", "codes", "mask", "pattern_mask");
    private static final Pattern GUIDED =
            Pattern.compile("cfg(?<scale>[0-9.]+)_(?<what>logits|greedy_codes|greedy_cont)");

    private final SafetensorsFile golden;
    private final MusicTransformer model;
    private final Kernels kernels;
    private final DelayPattern pattern;
    private final int vocabulary;
    private final int batch;
    private final int textTokens;
    private final int[] codes;
    private final int frames;

    private AudiocraftParity(SafetensorsFile golden, MusicTransformer model) throws IOException {
        this.golden = golden;
        this.model = model;
        this.kernels = model.kernels();
        this.pattern = DelayPattern.of(model.config().decoder());
        this.vocabulary = model.config().decoder().vocabulary();
        this.batch = golden.entry("cond").shape().get(0);
        this.textTokens = golden.entry("cond").shape().get(1);
        this.codes = golden.integers("codes");
        this.frames = golden.entry("codes").shape().get(2);
    }

    static AudiocraftParity open(Path model, SafetensorsFile golden, Kernels kernels) throws IOException {
        Path file = Files.isDirectory(model) ? model.resolve(AudiocraftNames.FILE) : model;
        if (!Files.isRegularFile(file) && Files.isRegularFile(model.resolve(ModelDirectory.CONFIG))) {
            return new AudiocraftParity(golden, ModelDirectory.load(model, kernels));
        }
        int steps = golden.entry(SEQUENCE).shape().get(2) + mostFrames(golden);
        AudiocraftParity best = null;
        double least = Double.POSITIVE_INFINITY;
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            for (int heads : AudiocraftNames.possibleHeads(weights)) {
                AudiocraftParity parity =
                        new AudiocraftParity(golden, AudiocraftNames.load(weights, heads, steps, kernels));
                double error = parity.logits().largestError();
                if (best == null || error < least) {
                    best = parity;
                    least = error;
                }
            }
        }
        return Optional.ofNullable(best)
                .orElseThrow(() -> new InvalidFileException(file, "its width is odd, so no number of heads fits"));
    }

    /** The most frames that the golden file generates. */
    private static int mostFrames(SafetensorsFile golden) {
        return golden.names().stream()
                .filter(name -> name.contains("_greedy_"))
                .mapToInt(name -> golden.entry(name).shape().get(2))
                .max()
                .orElse(0);
    }

    @Override
    public List<TensorComparison> values() throws IOException {
        List<TensorComparison> result = new ArrayList<>();
        for (String name : golden.names()) {
            if (!name.startsWith(GRADIENT)) {
                result.add(compare(name));
            }
        }
        if (golden.names().stream().anyMatch(name -> name.startsWith(GRADIENT))) {
            result.addAll(gradients(golden));
        }
        return result;
    }

    private TensorComparison compare(String name) throws IOException {
        if (INPUTS.contains(name)) {
            return TensorComparison.input(name);
        }
        Matcher guided = GUIDED.matcher(name);
        if (guided.matches()) {
            double scale = Double.parseDouble(guided.group("scale"));
            return switch (guided.group("what")) {
                case "logits" -> TensorComparison.close(name, golden.floats(name), sequenceLogits(scale));
                case "greedy_codes" -> TensorComparison.exact(name, golden.integers(name), greedy(name, scale, 0));
                default -> TensorComparison.exact(name, golden.integers(name), greedy(name, scale, given(name)));
            };
        }
        return switch (name) {
            case SEQUENCE -> TensorComparison.exact(name, golden.integers(name), sequence());
            case "logits" -> logits();
            case "ce" ->
                TensorComparison.close(name, golden.floats(name), new float[] {(float) crossEntropy(Optional.empty())});
            default -> TensorComparison.notCovered(name);
        };
    }

    // ---- layout

    private int[][] codesOf(int sequence) {
        int[][] own = new int[pattern.codebooks()][];
        for (int k = 0; k < own.length; k++) {
            int from = (sequence * own.length + k) * frames;
            own[k] = Arrays.copyOfRange(codes, from, from + frames);
        }
        return own;
    }

    /** All columns of the laid-out sequences, the first and the last included, {@code [B, K, F + K]}. */
    private int[] sequence() {
        int columns = pattern.steps(frames) + 1;
        int[] all = new int[batch * pattern.codebooks() * columns];
        Arrays.fill(all, pattern.startToken());
        for (int b = 0; b < batch; b++) {
            int[][] targets = pattern.targets(codesOf(b));
            for (int k = 0; k < targets.length; k++) {
                for (int t = 0; t < targets[k].length; t++) {
                    if (targets[k][t] != DelayPattern.NO_TARGET) {
                        all[(b * targets.length + k) * columns + t + 1] = targets[k][t];
                    }
                }
            }
        }
        return all;
    }

    /** A pass over columns {@code [B, K, T]}. */
    private ModelBatch pass(int[] columns, double scale) throws IOException {
        int steps = columns.length / batch / pattern.codebooks();
        BatchShape shape = new BatchShape(batch, steps, textTokens);
        int[][] inputs = new int[pattern.codebooks()][shape.rows()];
        for (int row = 0; row < batch * pattern.codebooks(); row++) {
            int k = row % pattern.codebooks();
            System.arraycopy(columns, row * steps, inputs[k], row / pattern.codebooks() * steps, steps);
        }
        float[] all = new float[shape.textRows()];
        Arrays.fill(all, 1.0f);
        return new ModelBatch(shape, new int[shape.textRows()], all, inputs)
                .withTextStates(golden.floats("cond"))
                .guided(scale);
    }

    private Activations run(ModelBatch in) {
        BatchShape capacity =
                in.guidanceScale() == 1.0 ? in.shape() : in.shape().twice();
        Activations activations = new Activations(kernels, model.config(), capacity);
        model.forward(activations, in);
        return activations;
    }

    // ---- values

    /** {@code [B, K, T, V]}. */
    private float[] sequenceLogits(double scale) throws IOException {
        ModelBatch in = pass(sequence(), scale);
        List<Tensor> rows = model.logits(run(in), in);
        int length = in.shape().steps() * vocabulary;
        float[] all = new float[batch * rows.size() * length];
        for (int k = 0; k < rows.size(); k++) {
            float[] own = kernels.readFloats(rows.get(k));
            for (int b = 0; b < batch; b++) {
                System.arraycopy(own, b * length, all, (b * rows.size() + k) * length, length);
            }
        }
        return all;
    }

    /** By frame; where the mask is 0, both sides are. */
    private TensorComparison logits() throws IOException {
        float[] all = sequenceLogits(1.0);
        float[] expected = golden.floats("logits");
        float[] actual = new float[expected.length];
        int columns = pattern.steps(frames) + 1;
        int[] mask = golden.integers("mask");
        for (int i = 0; i < mask.length; i++) {
            int row = i / frames;
            int step = row * columns + pattern.step(row % pattern.codebooks(), i % frames);
            if (mask[i] == 0) {
                Arrays.fill(expected, i * vocabulary, (i + 1) * vocabulary, 0.0f);
            } else {
                System.arraycopy(all, step * vocabulary, actual, i * vocabulary, vocabulary);
            }
        }
        return TensorComparison.close("logits", expected, actual);
    }

    /** The loss; adds its gradient if that is wanted. */
    private double crossEntropy(Optional<Parameters> gradient) throws IOException {
        ModelBatch in = pass(sequence(), 1.0);
        Activations activations = run(in);
        int[] mask = golden.integers("mask");
        int steps = in.shape().steps();
        double loss = 0;
        for (int k = 0; k < pattern.codebooks(); k++) {
            int[] targets = new int[in.shape().rows()];
            Arrays.fill(targets, DelayPattern.NO_TARGET);
            for (int b = 0; b < batch; b++) {
                for (int f = 0; f < frames; f++) {
                    int place = (b * pattern.codebooks() + k) * frames + f;
                    if (mask[place] != 0) {
                        targets[b * steps + pattern.step(k, f)] = codes[place];
                    }
                }
            }
            double share = 1.0
                    / pattern.codebooks()
                    / Arrays.stream(targets).filter(code -> code >= 0).count();
            RowStatistics statistics = new RowStatistics(targets.length);
            RowCoefficients by = new RowCoefficients(targets.length);
            Tensor rows = model.logits(activations, in).get(k);
            kernels.policyRows(rows, 1.0, targets, null, statistics);
            for (int i = 0; i < targets.length; i++) {
                if (targets[i] >= 0) {
                    loss -= share * statistics.logProbs()[i];
                    by.byLogProb()[i] = -share;
                }
            }
            kernels.policyRowsGradient(rows, 1.0, targets, null, statistics, by);
        }
        gradient.ifPresent(sum -> model.backwardWithoutText(activations, in, sum));
        return loss;
    }

    /** Frames that a continuation was given: those it has in common with the codes. */
    private int given(String name) throws IOException {
        int[] continued = golden.integers(name);
        int length = golden.entry(name).shape().get(2);
        int common = Math.min(frames, length);
        for (int row = 0; row < batch * pattern.codebooks(); row++) {
            int own = 0;
            while (own < common && continued[row * length + own] == codes[row * frames + own]) {
                own++;
            }
            common = own;
        }
        return common;
    }

    /** The most probable codes, step by step with whole passes, after the first {@code given} frames. */
    private int[] greedy(String name, double scale, int given) throws IOException {
        int length = golden.entry(name).shape().get(2);
        int codebooks = pattern.codebooks();
        int[][] columns = new int[batch * codebooks][pattern.steps(length) + 1];
        for (int[] row : columns) {
            Arrays.fill(row, pattern.startToken());
        }
        for (int step = 0; step < pattern.steps(length); step++) {
            int until = step + 1;
            int[] soFar = Arrays.stream(columns)
                    .flatMapToInt(row -> Arrays.stream(row, 0, until))
                    .toArray();
            ModelBatch in = pass(soFar, scale);
            List<Tensor> rows = model.logits(run(in), in);
            for (int row = 0; row < columns.length; row++) {
                int frame = step - pattern.step(row % codebooks, 0);
                if (frame >= 0 && frame < length) {
                    Tensor last = rows.get(row % codebooks).rowRange(row / codebooks * until + step, 1);
                    columns[row][step + 1] = frame < given ? codes[row * frames + frame] : largest(last);
                }
            }
        }
        int[] generated = new int[batch * codebooks * length];
        for (int row = 0; row < columns.length; row++) {
            System.arraycopy(columns[row], pattern.step(row % codebooks, 0) + 1, generated, row * length, length);
        }
        return generated;
    }

    private int largest(Tensor row) {
        float[] values = kernels.readFloats(row);
        int best = 0;
        for (int v = 1; v < values.length; v++) {
            best = values[v] > values[best] ? v : best;
        }
        return best;
    }

    // ---- gradients

    @Override
    public List<TensorComparison> gradients(Path gradientsFile) throws IOException {
        try (SafetensorsFile expected = SafetensorsFile.open(gradientsFile)) {
            return gradients(expected);
        }
    }

    private List<TensorComparison> gradients(SafetensorsFile expected) throws IOException {
        Parameters gradient = model.zerosLike();
        crossEntropy(Optional.of(gradient));
        List<TensorComparison> result = new ArrayList<>();
        for (String name : expected.names()) {
            if (name.startsWith(GRADIENT)) {
                List<String> parts = AudiocraftNames.parameters(name.substring(GRADIENT.length()));
                result.add(
                        parts.isEmpty()
                                ? TensorComparison.notCovered(name)
                                : TensorComparison.gradient(name, expected.floats(name), joined(gradient, parts)));
            }
        }
        return result;
    }

    private float[] joined(Parameters gradient, List<String> parts) {
        float[] all = new float[0];
        for (String part : parts) {
            float[] own = kernels.readFloats(gradient.get(part));
            int from = all.length;
            all = Arrays.copyOf(all, from + own.length);
            System.arraycopy(own, 0, all, from, own.length);
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        golden.close();
    }
}
