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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.encore.base.files.InvalidFileException;
import org.encore.rewards.onnx.Feed.Window;

/** A model with what it is told and what it is asked for. */
final class Tower implements AutoCloseable {
    private final Path file;
    private final List<Feed> feeds;
    private final Set<String> outputs;
    private final OrtEnvironment environment;
    private final OrtSession session;

    /**
     * Loads a model.
     *
     * @throws InvalidFileException if the file holds no model, or one with other inputs or outputs
     */
    Tower(Path file, List<OnnxInput> inputs, List<String> outputs) {
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
                    file, "has the inputs " + list(session.getInputNames()) + ", but is told " + list(given.keySet()));
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

    /** Whether windows of equal length can be run together. */
    boolean runsBatches() {
        return feeds.stream().allMatch(Feed::isOfOneShape);
    }

    /**
     * Runs the model once on windows of equal length.
     *
     * @return for each output its rows, one a window
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
