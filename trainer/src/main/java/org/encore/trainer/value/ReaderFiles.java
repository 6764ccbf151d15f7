package org.encore.trainer.value;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.encore.base.files.InvalidFileException;
import org.encore.model.weights.SafetensorsFile;
import org.encore.model.weights.SafetensorsWriter;
import org.encore.trainer.value.ReaderNetwork.Standard;
import org.encore.trainer.value.ReaderNetwork.Vector;

/** Saves and loads a reader: its weights and moments in one file, the samples it learns from in another. */
public final class ReaderFiles {
    /** The network. */
    public static final String WEIGHTS = "reader.safetensors";
    /** Samples of the last iterations. */
    private static final String REPLAY = "replay.safetensors";

    private static final String STANDARD = "standard";
    private static final String PIECES = "pieces";
    private static final String LENGTHS = "lengths";
    private static final String SCORED = "scored";
    private static final String INPUTS = "inputs";
    private static final String RATIOS = "log_ratios";
    private static final String RETURNS = "returns";
    private static final String SCORES = "scores";

    private ReaderFiles() {}

    /**
     * The samples of one iteration.
     *
     * @param returns standardised return of each step of each piece
     */
    public record Shelf(List<Reading> readings, List<float[]> returns) {
        public Shelf {
            readings = List.copyOf(readings);
            returns = List.copyOf(returns);
        }
    }

    /** Writes everything into an existing directory. */
    public static void write(Path directory, ReaderNetwork network, Standard standard, List<Shelf> replay)
            throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter(SafetensorsWriter.Format.F32);
        for (Vector vector : Vector.values()) {
            writer.add(name(vector), List.of(network.size()), () -> network.read(vector));
        }
        writer.add(STANDARD, List.of(2), () -> new float[] {(float) standard.mean(), (float) standard.deviation()});
        writer.write(directory.resolve(WEIGHTS));
        Path file = directory.resolve(REPLAY);
        if (replay.isEmpty()) {
            Files.deleteIfExists(file);
        } else {
            write(file, replay);
        }
    }

    private static String name(Vector vector) {
        return vector.name().toLowerCase(Locale.ROOT);
    }

    private static void write(Path file, List<Shelf> replay) throws IOException {
        List<Reading> readings =
                replay.stream().flatMap(shelf -> shelf.readings().stream()).toList();
        List<float[]> returns =
                replay.stream().flatMap(shelf -> shelf.returns().stream()).toList();
        SafetensorsWriter writer = new SafetensorsWriter(SafetensorsWriter.Format.F32);
        add(
                writer,
                PIECES,
                numbers(replay.stream().map(shelf -> shelf.readings().size()).toList()));
        add(writer, LENGTHS, numbers(readings.stream().map(Reading::steps).toList()));
        add(
                writer,
                SCORED,
                numbers(readings.stream().map(each -> each.scores().length).toList()));
        for (int k = 0; k < readings.get(0).inputs().length; k++) {
            int codebook = k;
            add(
                    writer,
                    INPUTS + "." + k,
                    joined(readings.stream()
                            .map(each -> floats(each.inputs()[codebook]))
                            .toList()));
        }
        add(writer, RATIOS, joined(readings.stream().map(Reading::logRatios).toList()));
        add(writer, RETURNS, joined(returns));
        float[] scores = joined(readings.stream().map(Reading::scores).toList());
        if (scores.length > 0) {
            add(writer, SCORES, scores);
        }
        writer.write(file);
    }

    private static void add(SafetensorsWriter writer, String name, float[] values) {
        writer.add(name, List.of(values.length), () -> values);
    }

    private static float[] numbers(List<Integer> values) {
        return floats(values.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Codes and counts are far below 2^24, so that 32-bit numbers hold them exactly. */
    private static float[] floats(int[] values) {
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = values[i];
        }
        return result;
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int from = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, from, part.length);
            from += part.length;
        }
        return all;
    }

    /**
     * Reads weights and moments.
     *
     * @param updates number of updates so far
     * @throws InvalidFileException if they are of another network
     */
    public static Standard read(Path directory, ReaderNetwork network, long updates) throws IOException {
        Path file = directory.resolve(WEIGHTS);
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            for (Vector vector : Vector.values()) {
                network.write(vector, sized(weights, vector, network, file), updates);
            }
            return standard(weights);
        }
    }

    /**
     * Reads weights alone, to start another run from.
     *
     * @throws InvalidFileException if there are none, or they are of another network
     */
    public static Standard readWeights(Path directory, ReaderNetwork network) throws IOException {
        Path file = directory.resolve(WEIGHTS);
        if (!Files.isRegularFile(file)) {
            throw new InvalidFileException(
                    directory,
                    "holds no " + WEIGHTS + "; value.network.start must be the directory value of a checkpoint of a"
                            + " run with a reader");
        }
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            network.write(Vector.WEIGHTS, sized(weights, Vector.WEIGHTS, network, file), 0);
            return standard(weights);
        }
    }

    private static float[] sized(SafetensorsFile weights, Vector vector, ReaderNetwork network, Path file)
            throws IOException {
        float[] values = weights.floats(name(vector));
        if (values.length != network.size()) {
            throw new InvalidFileException(
                    file,
                    "holds a reader of " + values.length + " weights, but the settings of value.network and the model"
                            + " make one of " + network.size() + "; give it the same embedding and hidden");
        }
        return values;
    }

    private static Standard standard(SafetensorsFile weights) throws IOException {
        float[] standard = weights.floats(STANDARD);
        return new Standard(standard[0], standard[1]);
    }

    /**
     * Reads the samples of the last iterations; none if there is no such file.
     *
     * @param every frames from one scored beginning to the next
     * @param delay of the delay pattern
     */
    public static List<Shelf> readReplay(Path directory, int every, int delay) throws IOException {
        Path file = directory.resolve(REPLAY);
        List<Shelf> shelves = new ArrayList<>();
        if (!Files.isRegularFile(file)) {
            return shelves;
        }
        try (SafetensorsFile saved = SafetensorsFile.open(file)) {
            float[] lengths = saved.floats(LENGTHS);
            float[] scored = saved.floats(SCORED);
            List<float[]> inputs = new ArrayList<>();
            while (saved.has(INPUTS + "." + inputs.size())) {
                inputs.add(saved.floats(INPUTS + "." + inputs.size()));
            }
            float[] ratios = saved.floats(RATIOS);
            float[] returns = saved.floats(RETURNS);
            float[] scores = saved.has(SCORES) ? saved.floats(SCORES) : new float[0];
            int piece = 0;
            int row = 0;
            int score = 0;
            for (float count : saved.floats(PIECES)) {
                List<Reading> readings = new ArrayList<>();
                List<float[]> wanted = new ArrayList<>();
                for (int i = 0; i < (int) count; i++, piece++) {
                    int from = row;
                    int to = row + (int) lengths[piece];
                    int[][] codes = inputs.stream()
                            .map(all -> integers(Arrays.copyOfRange(all, from, to)))
                            .toArray(int[][]::new);
                    int end = score + (int) scored[piece];
                    readings.add(new Reading(
                            codes,
                            Arrays.copyOfRange(ratios, from, to),
                            Arrays.copyOfRange(scores, score, end),
                            every,
                            delay));
                    wanted.add(Arrays.copyOfRange(returns, from, to));
                    row = to;
                    score = end;
                }
                shelves.add(new Shelf(readings, wanted));
            }
        }
        return shelves;
    }

    private static int[] integers(float[] values) {
        int[] result = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (int) values[i];
        }
        return result;
    }
}
