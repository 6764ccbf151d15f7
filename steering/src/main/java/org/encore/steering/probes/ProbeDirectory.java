package org.encore.steering.probes;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.JsonProblems;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.weights.SafetensorsFile;
import org.encore.model.weights.SafetensorsWriter;
import org.encore.model.weights.SafetensorsWriter.Format;
import org.encore.statistics.Interval;
import org.encore.steering.probes.ProbeFit.Fitted;

/**
 * The probes of a model in a directory: {@value #DESCRIPTION} and {@value #TENSORS}.
 *
 * <p>Tensors of a trait begin with its name, then {@code heads}, {@code pushes} or {@code layers}: {@code weights}, {@code differences} {@code [sites, width]}; {@code biases}, {@code weight_deviations}, {@code difference_deviations}, {@code accuracies}, {@code held_out} {@code [sites]}; see {@link Probes}. Sites are heads by layer and then by head, or layers.
 */
public final class ProbeDirectory {
    /** Sizes, traits and accuracies. */
    public static final String DESCRIPTION = "probes.json";

    /** Weights. */
    public static final String TENSORS = "probes.safetensors";

    /** Where the probes of a checkpoint are looked for, in its directory. */
    public static final String BESIDE = "steering";

    private static final int FORMAT = 2;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private final Path path;
    private final double strength;
    private final List<Fitted> fitted;

    private ProbeDirectory(Path path, double strength, List<Fitted> fitted) {
        this.path = path;
        this.strength = strength;
        this.fitted = List.copyOf(fitted);
    }

    /** The file that describes the tensors. */
    record Description(
            int format,
            String checkpoint,
            String command,
            int layers,
            int heads,
            int headWidth,
            double strength,
            ProbeSettings clips,
            List<TraitLine> traits) {
        Description {
            Objects.requireNonNull(clips, "clips");
            Objects.requireNonNull(traits, "traits");
            traits.forEach(trait -> Objects.requireNonNull(trait, "an element of traits"));
        }
    }

    /** A trait and the held-out accuracy of its best head, with a 95 % interval. */
    record TraitLine(String name, Interval accuracy) {
        TraitLine {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(accuracy, "accuracy");
        }
    }

    /**
     * Writes a directory atomically; replaces one.
     *
     * @param checkpoint the model, as named by the user
     * @param command the command that fitted
     * @param strength of steering, unless another is asked for
     */
    public static void write(
            Path target,
            String checkpoint,
            String command,
            DecoderConfig decoder,
            double strength,
            ProbeSettings settings,
            List<Fitted> fitted)
            throws IOException {
        Description description = new Description(
                FORMAT,
                checkpoint,
                command,
                decoder.layers(),
                decoder.heads(),
                decoder.headWidth(),
                strength,
                settings,
                fitted.stream()
                        .map(each -> new TraitLine(each.trait(), each.accuracy()))
                        .toList());
        SafetensorsWriter tensors = new SafetensorsWriter(Format.F32);
        for (Fitted each : fitted) {
            add(tensors, each.trait() + ".heads.", each.heads());
            add(tensors, each.trait() + ".pushes.", each.pushes());
            add(tensors, each.trait() + ".layers.", each.layers());
        }
        String json = JSON.writeValueAsString(description) + "\n";
        AtomicFiles.writeDirectory(target, directory -> {
            Files.write(directory.resolve(DESCRIPTION), json.getBytes(StandardCharsets.UTF_8));
            tensors.write(directory.resolve(TENSORS));
        });
    }

    private static void add(SafetensorsWriter tensors, String prefix, Probes probes) {
        List<Integer> matrix = List.of(probes.sites(), probes.width());
        List<Integer> vector = List.of(probes.sites());
        tensors.add(prefix + "weights", matrix, () -> joined(probes.weights()));
        tensors.add(prefix + "differences", matrix, () -> joined(probes.differences()));
        tensors.add(prefix + "biases", vector, probes::biases);
        tensors.add(prefix + "weight_deviations", vector, probes::weightDeviations);
        tensors.add(prefix + "difference_deviations", vector, probes::differenceDeviations);
        tensors.add(prefix + "accuracies", vector, probes::accuracies);
        tensors.add(prefix + "held_out", vector, probes::heldOut);
    }

    private static float[] joined(float[][] rows) {
        float[] all = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, all, i * rows[i].length, rows[i].length);
        }
        return all;
    }

    /** Whether a directory holds probes. */
    public static boolean isOne(Path path) {
        return Files.isRegularFile(path.resolve(DESCRIPTION));
    }

    /**
     * Reads probes for a model.
     *
     * @throws InvalidFileException if there are none, they are damaged, or they are those of a model of other sizes
     */
    public static ProbeDirectory read(Path path, DecoderConfig decoder) throws IOException {
        Path file = path.resolve(DESCRIPTION);
        if (!isOne(path)) {
            throw new InvalidFileException(
                    path, "holds no probes (" + DESCRIPTION + "); fit them with ./encore steer fit CONFIG");
        }
        Description description;
        try {
            description = JSON.readValue(Files.readAllBytes(file), Description.class);
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(file, "is no description of probes: " + JsonProblems.of(e), e);
        }
        if (description.format() != FORMAT) {
            throw new InvalidFileException(
                    file,
                    "format is " + description.format() + ", but this version reads " + FORMAT
                            + "; fit the probes anew with ./encore steer fit CONFIG");
        }
        if (description.layers() != decoder.layers()
                || description.heads() != decoder.heads()
                || description.headWidth() != decoder.headWidth()) {
            throw new InvalidFileException(
                    file,
                    "the probes are of a model of "
                            + sizes(description.layers(), description.heads(), description.headWidth())
                            + ", but this one has " + sizes(decoder.layers(), decoder.heads(), decoder.headWidth()));
        }
        List<Fitted> fitted = new ArrayList<>();
        try (SafetensorsFile tensors = SafetensorsFile.open(path.resolve(TENSORS))) {
            for (TraitLine trait : description.traits()) {
                int heads = decoder.layers() * decoder.heads();
                fitted.add(new Fitted(
                        trait.name(),
                        read(tensors, path, trait.name() + ".heads.", heads, decoder.headWidth()),
                        read(tensors, path, trait.name() + ".pushes.", heads, decoder.headWidth()),
                        read(tensors, path, trait.name() + ".layers.", decoder.layers(), decoder.width()),
                        trait.accuracy()));
            }
        }
        return new ProbeDirectory(path, description.strength(), fitted);
    }

    private static String sizes(int layers, int heads, int headWidth) {
        return layers + " layers of " + heads + " heads of width " + headWidth;
    }

    private static Probes read(SafetensorsFile tensors, Path path, String prefix, int sites, int width)
            throws IOException {
        Reader reader = new Reader(tensors, path, prefix);
        return new Probes(
                width,
                reader.rows("weights", sites, width),
                reader.vector("biases", sites),
                reader.rows("differences", sites, width),
                reader.vector("weight_deviations", sites),
                reader.vector("difference_deviations", sites),
                reader.vector("accuracies", sites),
                reader.vector("held_out", sites));
    }

    private record Reader(SafetensorsFile tensors, Path path, String prefix) {
        float[] vector(String name, int size) throws IOException {
            String full = prefix + name;
            if (!tensors.has(full) || tensors.entry(full).size() != size) {
                throw new InvalidFileException(
                        path.resolve(TENSORS), "tensor " + full + " is missing or does not have " + size + " numbers");
            }
            return tensors.floats(full);
        }

        float[][] rows(String name, int rows, int columns) throws IOException {
            float[] all = vector(name, rows * columns);
            float[][] result = new float[rows][columns];
            for (int i = 0; i < rows; i++) {
                System.arraycopy(all, i * columns, result[i], 0, columns);
            }
            return result;
        }
    }

    /** The strength that the configuration of the probes names for this model. */
    public double strength() {
        return strength;
    }

    /** The probes of every trait. */
    public List<Fitted> all() {
        return fitted;
    }

    /**
     * The probes of a trait.
     *
     * @throws InvalidFileException if there are none, naming those there are
     */
    public Fitted of(String trait) {
        return fitted.stream()
                .filter(each -> each.trait().equals(trait))
                .findFirst()
                .orElseThrow(() -> new InvalidFileException(
                        path,
                        "has no probes of the trait \"" + trait + "\", but of "
                                + String.join(
                                        ", ", fitted.stream().map(Fitted::trait).toList())));
    }
}
