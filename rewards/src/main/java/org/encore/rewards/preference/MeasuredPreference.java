package org.encore.rewards.preference;

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
import org.encore.model.decoding.CodeSequence;
import org.encore.model.pretrained.Codecs;
import org.encore.music.Piece;
import org.encore.music.codec.SymbolicCodec;
import org.encore.rewards.preference.NetworkScores.Pooling;

/** A linear model of measures of the piece, which can be learned from few votes. */
public final class MeasuredPreference implements PreferenceModel {
    /** The file beside {@link PreferenceFile} that holds the weights. */
    public static final String WEIGHTS = "measures.json";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final List<PieceMeasure> MEASURES = List.of(PieceMeasure.values());
    private static final int MOST_FRAMES = 1 << 20;

    private final List<Term> terms;
    private final ClipReading reading;
    private final SymbolicCodec codec = Codecs.symbolic(Codecs.NOTES);

    /**
     * One measure.
     *
     * @param measure the measure
     * @param mean its mean over the training pieces
     * @param scale its standard deviation over them, above 0
     * @param weight nats per standard deviation
     */
    public record Term(PieceMeasure measure, double mean, double scale, double weight) {
        public Term {
            if (!(scale > 0.0 && Double.isFinite(mean) && Double.isFinite(scale) && Double.isFinite(weight))) {
                throw new IllegalArgumentException(measure + " has mean " + mean + ", scale " + scale + " and weight "
                        + weight + ", but all must be finite and the scale above 0");
            }
        }

        /** Contribution of a value of the measure to the score. */
        public double of(double value) {
            return weight * (value - mean) / scale;
        }
    }

    /** A model of these terms. */
    public MeasuredPreference(List<Term> terms, ClipReading reading) {
        this.terms = List.copyOf(terms);
        this.reading = reading;
    }

    /** Writes a model into a directory. */
    public void save(Path directory, double tie) throws IOException {
        Files.createDirectories(directory);
        ObjectNode json = JSON.createObjectNode();
        for (Term term : terms) {
            ObjectNode entry = json.putObject(term.measure().key());
            entry.put("mean", term.mean());
            entry.put("scale", term.scale());
            entry.put("weight", term.weight());
        }
        AtomicFiles.write(directory.resolve(WEIGHTS), JSON.writeValueAsBytes(json));
        new PreferenceFile(PreferenceFile.Kind.MEASURES, Pooling.MEAN, reading, tie).write(directory);
    }

    static MeasuredPreference load(Path directory, PreferenceFile file) throws IOException {
        Path weights = directory.resolve(WEIGHTS);
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(weights));
            List<Term> terms = new ArrayList<>();
            for (PieceMeasure measure : PieceMeasure.values()) {
                JsonNode entry = json.path(measure.key());
                if (entry.isObject()) {
                    terms.add(new Term(
                            measure,
                            entry.path("mean").asDouble(Double.NaN),
                            entry.path("scale").asDouble(Double.NaN),
                            entry.path("weight").asDouble(Double.NaN)));
                }
            }
            if (terms.size() != json.size()) {
                throw new InvalidFileException(weights, "names a measure that this Encore does not know");
            }
            return new MeasuredPreference(terms, file.reading());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new InvalidFileException(weights, e.getMessage(), e);
        }
    }

    @Override
    public ClipReading reading() {
        return reading;
    }

    /** Measures are computed from notes, so any codec of notes will do. */
    @Override
    public SymbolicCodec codec() {
        return codec;
    }

    @Override
    public int mostFrames() {
        return MOST_FRAMES;
    }

    @Override
    public double[] scores(List<CodeSequence> clips) {
        return clips.stream()
                .mapToDouble(clip -> score(codec.piece(clip.codes())))
                .toArray();
    }

    private double score(Piece piece) {
        double[] values = PieceMeasure.all(piece);
        return terms.stream()
                .mapToDouble(term -> term.of(values[MEASURES.indexOf(term.measure())]))
                .sum();
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
