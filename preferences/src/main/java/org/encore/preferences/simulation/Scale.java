package org.encore.preferences.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.settings.Checks;
import org.encore.preferences.simulation.Population.Taste;

/**
 * The scale of simulated raters: standardises the amounts of each taste and converts differences of utility to
 * log-odds. It is fitted to the clips of one simulation and can be reused by others, so that their votes are
 * comparable.
 *
 * @param means mean of each taste over those clips
 * @param deviations standard deviation of each, above 0
 * @param sharpness log-odds of a vote per unit of utility, above 0
 * @param tie Davidson's parameter: log-weight of a tie; negative infinity for none
 */
public record Scale(List<Double> means, List<Double> deviations, double sharpness, double tie) {
    /** The file of the scale. */
    public static final String FILE = "raters.json";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public Scale {
        means = List.copyOf(means);
        deviations = List.copyOf(deviations);
        Checks.above("sharpness", sharpness, 0.0);
    }

    /** Fits means and deviations to clips; the sharpness is 1. */
    static Scale of(List<double[]> amounts, double tie) {
        int tastes = Taste.values().length;
        List<Double> means = new ArrayList<>();
        List<Double> deviations = new ArrayList<>();
        for (int i = 0; i < tastes; i++) {
            int taste = i;
            double mean =
                    amounts.stream().mapToDouble(each -> each[taste]).average().orElse(0.0);
            double variance = amounts.stream()
                    .mapToDouble(each -> (each[taste] - mean) * (each[taste] - mean))
                    .average()
                    .orElse(0.0);
            means.add(mean);
            deviations.add(variance > 0.0 ? Math.sqrt(variance) : 1.0);
        }
        return new Scale(means, deviations, 1.0, tie);
    }

    Scale sharpened(double newSharpness) {
        return new Scale(means, deviations, newSharpness, tie);
    }

    /** Amounts in standard deviations. */
    double[] standardised(double[] amounts) {
        double[] standardised = new double[amounts.length];
        for (int i = 0; i < amounts.length; i++) {
            standardised[i] = (amounts[i] - means.get(i)) / deviations.get(i);
        }
        return standardised;
    }

    /** Writes the scale beside the votes. */
    void write(Path directory) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        List<Taste> tastes = List.of(Taste.values());
        for (int i = 0; i < means.size(); i++) {
            ObjectNode entry = json.putObject(tastes.get(i).key());
            entry.put("mean", means.get(i));
            entry.put("deviation", deviations.get(i));
        }
        json.put("sharpness", sharpness);
        json.put("tie", Double.isFinite(tie) ? tie : null);
        AtomicFiles.write(directory.resolve(FILE), JSON.writeValueAsBytes(json));
    }

    /**
     * Reads a scale.
     *
     * @throws InvalidFileException if the file is malformed
     */
    public static Scale read(Path file) throws IOException {
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            List<Double> means = new ArrayList<>();
            List<Double> deviations = new ArrayList<>();
            for (Taste taste : Taste.values()) {
                JsonNode entry = json.path(taste.key());
                if (!entry.path("mean").isNumber() || !(entry.path("deviation").asDouble() > 0.0)) {
                    throw new InvalidFileException(
                            file, taste.key() + " is " + entry + ", but must have a mean and a deviation above 0");
                }
                means.add(entry.path("mean").doubleValue());
                deviations.add(entry.path("deviation").doubleValue());
            }
            double tie = json.path("tie").isNumber() ? json.path("tie").doubleValue() : Double.NEGATIVE_INFINITY;
            return new Scale(means, deviations, json.path("sharpness").asDouble(), tie);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new InvalidFileException(file, e.getMessage(), e);
        }
    }
}
