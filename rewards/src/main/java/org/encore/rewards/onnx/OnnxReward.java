package org.encore.rewards.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.encore.base.files.InvalidFileException;
import org.encore.rewards.Explanation;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.onnx.Feed.Window;

/**
 * Scores with a model in ONNX format: one output number, or the cosine of two embeddings, averaged over the windows of
 * a clip.
 *
 * @see <a href="https://onnxruntime.ai">ONNX Runtime</a>, which runs the model on the CPU
 */
public final class OnnxReward implements RewardModel, AutoCloseable {
    private final String id;
    private final Onnx settings;
    private final OnnxModel tower;

    /** The companion model; null if there is none. */
    private final OnnxModel other;

    private final boolean readsSound;
    private final boolean otherReadsSound;

    /**
     * Loads the model.
     *
     * @throws org.encore.base.files.InvalidFileException if a file is missing or does not match the settings
     */
    public OnnxReward(String id, Onnx settings) {
        settings.requireFiles();
        this.id = id;
        this.settings = settings;
        List<String> outputs = new ArrayList<>(List.of(settings.output()));
        settings.cosineWith()
                .filter(companion -> companion.model().isEmpty())
                .ifPresent(companion -> outputs.add(companion.output()));
        this.tower = new OnnxModel(settings.model(), settings.inputs(), outputs);
        this.other = settings.cosineWith()
                .flatMap(companion -> companion
                        .model()
                        .map(file -> new OnnxModel(file, companion.inputs(), List.of(companion.output()))))
                .orElse(null);
        this.otherReadsSound =
                other != null && readsSound(settings.cosineWith().orElseThrow().inputs());
        this.readsSound = readsSound(settings.inputs()) || otherReadsSound;
    }

    private static boolean readsSound(List<OnnxInput> inputs) {
        return inputs.stream().anyMatch(OnnxInput::readsSound);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public List<Score> score(List<Sample> batch) {
        List<List<Window>> bySample = batch.parallelStream().map(this::windows).toList();
        List<Window> all = bySample.stream().flatMap(List::stream).toList();
        double[] values = values(all);
        List<Score> scores = new ArrayList<>();
        int next = 0;
        for (List<Window> windows : bySample) {
            scores.add(mean(values, next, next + windows.size()));
            next += windows.size();
        }
        return scores;
    }

    private List<Window> windows(Sample sample) {
        String prompt = sample.prompt().text();
        return readsSound
                ? Window.of(prompt, sample.clip().waveform(), settings.windowSeconds(), settings.windows())
                : List.of(new Window(prompt, null));
    }

    private double[] values(List<Window> windows) {
        Map<String, List<float[]>> first = run(tower, windows);
        List<float[]> rows = first.get(settings.output());
        if (settings.cosineWith().isEmpty()) {
            return rows.stream().mapToDouble(this::single).toArray();
        }
        String output = settings.cosineWith().get().output();
        List<float[]> others = other == null ? first.get(output) : otherRows(windows, output);
        double[] cosines = new double[rows.size()];
        for (int i = 0; i < cosines.length; i++) {
            cosines[i] = cosine(rows.get(i), others.get(i));
        }
        return cosines;
    }

    /** Rows of the companion model; a model that reads captions only runs once per caption. */
    private List<float[]> otherRows(List<Window> windows, String output) {
        if (otherReadsSound) {
            return run(other, windows).get(output);
        }
        List<Window> captions = windows.stream()
                .map(window -> new Window(window.prompt(), null))
                .distinct()
                .toList();
        List<float[]> rows = run(other, captions).get(output);
        Map<Window, float[]> byCaption = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            byCaption.put(captions.get(i), rows.get(i));
        }
        return windows.stream()
                .map(window -> byCaption.get(new Window(window.prompt(), null)))
                .toList();
    }

    private Map<String, List<float[]>> run(OnnxModel model, List<Window> windows) {
        boolean oneLength =
                settings.windowSeconds().isPresent() || windows.get(0).sound() == null;
        int batch = oneLength && model.runsBatches() ? settings.batch() : 1;
        Map<String, List<float[]>> rows = new HashMap<>();
        for (int from = 0; from < windows.size(); from += batch) {
            model.run(windows.subList(from, Math.min(windows.size(), from + batch)))
                    .forEach((output, each) -> rows.computeIfAbsent(output, name -> new ArrayList<>())
                            .addAll(each));
        }
        return rows;
    }

    private double single(float[] row) {
        if (row.length != 1) {
            throw new IllegalStateException("the output " + settings.output() + " has " + row.length
                    + " numbers a sample, but a score is one; name another output, or one to take the cosine with");
        }
        return row[0];
    }

    private static double cosine(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalStateException(
                    "the embeddings have " + a.length + " and " + b.length + " numbers, but must have equally many");
        }
        double product = 0.0;
        double squaresOfA = 0.0;
        double squaresOfB = 0.0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            squaresOfA += (double) a[i] * a[i];
            squaresOfB += (double) b[i] * b[i];
        }
        return product / Math.sqrt(squaresOfA * squaresOfB);
    }

    private Score mean(double[] values, int from, int to) {
        String what = settings.cosineWith().isPresent() ? "cosine of the embeddings" : settings.output();
        if (to - from == 1) {
            return Score.of(values[from], what);
        }
        Explanation[] windows = new Explanation[to - from];
        double sum = 0.0;
        for (int i = from; i < to; i++) {
            windows[i - from] = Explanation.leaf(values[i], "window " + (i - from + 1));
            sum += values[i];
        }
        return Score.of(Explanation.derived(sum / (to - from), what + ", mean over the windows", windows));
    }

    @Override
    public void close() {
        tower.close();
        if (other != null) {
            other.close();
        }
    }

    /** A loaded model with its inputs and requested outputs. */
    static final class OnnxModel implements AutoCloseable {
        private final Path file;
        private final List<Feed> feeds;
        private final Set<String> outputs;
        private final OrtEnvironment environment;
        private final OrtSession session;

        /**
         * Loads a model.
         *
         * @throws InvalidFileException if the file is not a model, or has other inputs or outputs
         */
        OnnxModel(Path file, List<OnnxInput> inputs, List<String> outputs) {
            this.file = file;
            this.feeds = inputs.stream().map(OnnxInput::feed).toList();
            this.outputs = new LinkedHashSet<>(outputs);
            this.environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "encore");
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setDeterministicCompute(true);
                this.session = environment.createSession(file.toString(), options);
                requireInputs();
                requireOutputs();
            } catch (OrtException e) {
                throw new InvalidFileException(file, "cannot be used as an ONNX model: " + firstLine(e), e);
            }
        }

        private void requireInputs() throws OrtException {
            Map<String, OnnxJavaType> given = new LinkedHashMap<>();
            feeds.forEach(feed -> given.putAll(feed.inputs()));
            if (!given.keySet().equals(session.getInputNames())) {
                throw new InvalidFileException(
                        file,
                        "has the inputs " + list(session.getInputNames()) + ", but is given " + list(given.keySet()));
            }
            for (Map.Entry<String, OnnxJavaType> each : given.entrySet()) {
                boolean fits = session.getInputInfo().get(each.getKey()).getInfo() instanceof TensorInfo tensor
                        && tensor.type == each.getValue();
                if (!fits) {
                    throw new InvalidFileException(
                            file, "has an input " + each.getKey() + " that is no tensor of " + each.getValue());
                }
            }
        }

        private void requireOutputs() {
            for (String output : outputs) {
                if (!session.getOutputNames().contains(output)) {
                    throw new InvalidFileException(
                            file,
                            "has the outputs " + list(session.getOutputNames()) + ", but " + output + " is asked for");
                }
            }
        }

        private static String list(Set<String> names) {
            return String.join(", ", new TreeSet<>(names));
        }

        /** Whether windows of equal length can run as one batch. */
        boolean runsBatches() {
            return feeds.stream().allMatch(Feed::isOfOneShape);
        }

        /**
         * Runs the model once on windows of equal length.
         *
         * @return for each output its rows, one per window
         * @throws IllegalStateException if the model cannot be run on them
         */
        Map<String, List<float[]>> run(List<Window> windows) {
            Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
            try {
                for (Feed feed : feeds) {
                    tensors.putAll(feed.tensors(environment, windows));
                }
                try (OrtSession.Result result = session.run(tensors, outputs)) {
                    Map<String, List<float[]>> rows = new LinkedHashMap<>();
                    for (String output : outputs) {
                        rows.put(output, rows(output, result.get(output).orElseThrow(), windows.size()));
                    }
                    return rows;
                }
            } catch (OrtException e) {
                throw new IllegalStateException(file + ": " + firstLine(e), e);
            } finally {
                tensors.values().forEach(OnnxTensor::close);
            }
        }

        private List<float[]> rows(String output, OnnxValue value, int count) {
            float[] all = value instanceof OnnxTensor tensor ? numbers(tensor) : new float[0];
            if (all.length == 0 || all.length % count != 0) {
                throw new IllegalStateException(
                        file + ": the output " + output + " has " + all.length + " numbers for " + count + " windows");
            }
            int width = all.length / count;
            List<float[]> rows = new ArrayList<>();
            for (int row = 0; row < count; row++) {
                rows.add(Arrays.copyOfRange(all, row * width, (row + 1) * width));
            }
            return rows;
        }

        private static float[] numbers(OnnxTensor tensor) {
            FloatBuffer floats = tensor.getFloatBuffer();
            if (floats != null) {
                float[] numbers = new float[floats.remaining()];
                floats.get(numbers);
                return numbers;
            }
            DoubleBuffer doubles = tensor.getDoubleBuffer();
            float[] numbers = new float[doubles == null ? 0 : doubles.remaining()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) doubles.get();
            }
            return numbers;
        }

        private static String firstLine(OrtException e) {
            return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
        }

        @Override
        public void close() {
            feeds.forEach(Feed::close);
            try {
                session.close();
            } catch (OrtException e) {
                throw new IllegalStateException(file + ": " + firstLine(e), e);
            }
        }
    }
}
