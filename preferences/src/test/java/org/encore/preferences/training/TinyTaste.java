package org.encore.preferences.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.text.WordTokenizer;
import org.encore.model.transformer.Initialisation;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.ModelDirectory;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.codec.notes.NoteVocabulary;
import org.encore.preferences.comparisons.ComparisonSet;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;

/** Short pieces, raters who like high notes, and a policy small enough to learn that in a test. */
final class TinyTaste {
    private static final List<String> WORDS = List.of("<pad>", "</s>", "<unk>", "a", "tune", "for", "flute");

    private TinyTaste() {}

    static ModelConfig config(Head head) {
        return new ModelConfig(
                new TextEncoderConfig(WORDS.size(), 8, 4, 8, 1, 2, 8, 16, 1e-6),
                new DecoderConfig(NoteVocabulary.size(), 1, 16, 32, 1, 2, 65, Activation.GELU),
                head);
    }

    /** Writes a policy with random weights. */
    static Path policy(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = new MusicTransformer(kernels, config(Head.CODES));
            Initialisation.randomise(model, new RandomStreams(3));
            ModelDirectory.save(model, directory);
        }
        WordTokenizer.write(WORDS, directory);
        return directory;
    }

    /** Votes for the clip whose notes are higher on average; every fifth is a tie. */
    static ComparisonSet votes(long seed, int clips, int votes) {
        RandomGenerator random = new RandomStreams(seed).stream(Purpose.COMPOSITION);
        List<ComparisonSet.Clip> pieces = new ArrayList<>();
        for (int clip = 0; clip < clips; clip++) {
            List<Note> notes = new ArrayList<>();
            int centre = 48 + random.nextInt(36);
            for (int i = 0; i < 4 + random.nextInt(3); i++) {
                notes.add(new Note(new Instrument(73), 6 * i, 6, centre + random.nextInt(5), 80));
            }
            Piece piece = new Piece(120, Meter.FOUR_FOUR, notes);
            String prompt = "a tune for flute" + " a".repeat((int) seed);
            pieces.add(ComparisonSet.Clip.of(Path.of(seed + "-" + clip + ".mid"), prompt, piece));
        }
        List<Comparison> comparisons = new ArrayList<>();
        for (int vote = 0; vote < votes; vote++) {
            int a = random.nextInt(clips);
            int b = (a + 1 + random.nextInt(clips - 1)) % clips;
            int outcome = vote % 5 == 4
                    ? 0
                    : height(pieces.get(a).piece()) > height(pieces.get(b).piece()) ? 1 : -1;
            comparisons.add(new Comparison(a, b, outcome, "rater " + vote % 3));
        }
        return new ComparisonSet(pieces, comparisons);
    }

    private static double height(Piece piece) {
        return piece.notes().stream().mapToInt(Note::pitch).average().orElseThrow();
    }
}
