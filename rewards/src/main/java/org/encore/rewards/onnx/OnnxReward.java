package org.encore.rewards.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.encore.rewards.Explanation;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.onnx.Feed.Window;

/**
 * Scores with a model in the ONNX format: an output that is a number, or the cosine of two embeddings; the mean over the
 * windows of a sample.
 *
 * @see <a href="https://onnxruntime.ai">ONNX Runtime</a>, which runs the model on the CPU
 */
public final class OnnxReward implements RewardModel, AutoCloseable {
    private final String id;
    private final OnnxSettings settings;
    private final Tower tower;

    /** The other model; null if there is none. */
    private final Tower other;

    private final boolean hears;
    private final boolean otherHears;

    /**
     * Loads the model.
     *
     * @throws org.encore.base.files.InvalidFileException if a file is not what it must be
     */
    public OnnxReward(String id, OnnxSettings settings) {
        settings.requireFiles();
        this.id = id;
        this.settings = settings;
        List<String> outputs = new ArrayList<>(List.of(settings.output()));
        settings.cosineWith()
                .filter(companion -> companion.model().isEmpty())
                .ifPresent(companion -> outputs.add(companion.output()));
        this.tower = new Tower(settings.model(), settings.inputs(), outputs);
        this.other = settings.cosineWith()
                .flatMap(companion ->
                        companion.model().map(file -> new Tower(file, companion.inputs(), List.of(companion.output()))))
                .orElse(null);
        this.otherHears =
                other != null && hears(settings.cosineWith().orElseThrow().inputs());
        this.hears = hears(settings.inputs()) || otherHears;
    }

    private static boolean hears(List<OnnxInput> inputs) {
        return inputs.stream().anyMatch(OnnxInput::hearsSound);
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
        return hears
                ? Window.of(prompt, sample.clip().waveform(), settings.windowSeconds())
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

    /** Rows of the other model; one that only reads is asked once about each caption. */
    private List<float[]> otherRows(List<Window> windows, String output) {
        if (otherHears) {
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

    private Map<String, List<float[]>> run(Tower model, List<Window> windows) {
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
}
