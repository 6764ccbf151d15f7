package org.encore.music.analysis.sound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.encore.base.files.AtomicFiles;
import org.encore.music.Instrument.Family;

/** The calibration of a {@link SoundReferee} as JSON; numbers have six significant digits. */
final class RefereeFile {
    private static final String RESOURCE = "referee.json";

    private RefereeFile() {}

    /** Reads the calibration that ships. */
    static SoundReferee shipped() {
        try (InputStream in = RefereeFile.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("this build has no " + RESOURCE);
            }
            return read(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SoundReferee read(JsonNode root) {
        Map<Family, LinearClassifier> families = new EnumMap<>(Family.class);
        root.path("families")
                .properties()
                .forEach(each -> families.put(
                        Family.valueOf(each.getKey().toUpperCase(Locale.ROOT)), classifier(each.getValue())));
        return new SoundReferee(
                classifier(root.path("tempo")),
                key(root.path("mode")),
                classifier(root.path("density")),
                families,
                root.path("farthest").asDouble());
    }

    private static SoundKey key(JsonNode node) {
        return new SoundKey(
                weights(node), numbers(node.path("biases")), node.path("least").asDouble());
    }

    private static double[][] weights(JsonNode node) {
        double[][] weights = new double[node.path("weights").size()][];
        for (int c = 0; c < weights.length; c++) {
            weights[c] = numbers(node.path("weights").path(c));
        }
        return weights;
    }

    private static LinearClassifier classifier(JsonNode node) {
        return new LinearClassifier(
                numbers(node.path("means")),
                numbers(node.path("deviations")),
                weights(node),
                numbers(node.path("biases")),
                node.path("least").asDouble());
    }

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.path(i).asDouble();
        }
        return numbers;
    }

    /** Writes a calibration, a classifier a line. */
    static void write(SoundReferee referee, Path file) throws IOException {
        StringBuilder text = new StringBuilder("{\n");
        text.append("\"tempo\": ").append(json(referee.tempo())).append(",\n");
        text.append("\"farthest\": ").append(rounded(referee.farthest())).append(",\n");
        text.append("\"mode\": ")
                .append(json(
                        referee.mode().weights(),
                        referee.mode().biases(),
                        referee.mode().least()))
                .append(",\n");
        text.append("\"density\": ").append(json(referee.density())).append(",\n\"families\": {\n");
        String between = "";
        for (Map.Entry<Family, LinearClassifier> each : referee.families().entrySet()) {
            text.append(between)
                    .append('"')
                    .append(each.getKey().name().toLowerCase(Locale.ROOT))
                    .append("\": ")
                    .append(json(each.getValue()));
            between = ",\n";
        }
        text.append("\n}\n}\n");
        AtomicFiles.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode json(LinearClassifier classifier) {
        ObjectNode node = json(classifier.weights(), classifier.biases(), classifier.least());
        add(node.putArray("means"), classifier.means());
        add(node.putArray("deviations"), classifier.deviations());
        return node;
    }

    private static ObjectNode json(double[][] weights, double[] biases, double least) {
        ObjectNode node = new ObjectMapper().createObjectNode();
        node.put("least", rounded(least));
        add(node.putArray("biases"), biases);
        ArrayNode rows = node.putArray("weights");
        for (double[] row : weights) {
            add(rows.addArray(), row);
        }
        return node;
    }

    private static void add(ArrayNode array, double[] numbers) {
        for (double number : numbers) {
            array.add(rounded(number));
        }
    }

    private static double rounded(double number) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.5e", number));
    }
}
