package org.encore.preferences.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.Piece;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.corpus.Split;
import org.encore.music.text.Prompt;

/**
 * Amounts of each taste and the mean utility of each simulated clip.
 *
 * <p>For studies of a simulation; never training data.
 *
 * @param scores values by name for each clip file
 */
public record ClipTable(Map<Path, Map<String, Double>> scores) {
    /** The file beside the votes, one clip per line. */
    public static final String FILE = "clips.jsonl";

    /** The name of the population's mean utility, in standard deviations. */
    public static final String UTILITY = "utility";

    private static final JsonMapper JSON = new JsonMapper();
    private static final String CLIP = "clip";

    /** Writes the table beside the votes. */
    void write(Path directory) throws IOException {
        AtomicFiles.write(directory.resolve(FILE), out -> {
            for (Map.Entry<Path, Map<String, Double>> entry : scores.entrySet()) {
                ObjectNode line = JSON.createObjectNode();
                line.put(CLIP, directory.relativize(entry.getKey()).toString());
                entry.getValue().forEach(line::put);
                out.write(JSON.writeValueAsBytes(line));
                out.write('\n');
            }
        });
    }

    /**
     * Reads a table.
     *
     * @throws InvalidFileException if a line is malformed
     */
    public static ClipTable read(Path file) throws IOException {
        Map<Path, Map<String, Double>> scores = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            try {
                JsonNode line = JSON.readTree(lines.get(i));
                if (!line.path(CLIP).isTextual()) {
                    throw new InvalidFileException(file, "line " + (i + 1) + ": names no " + CLIP);
                }
                Map<String, Double> found = new LinkedHashMap<>();
                for (Map.Entry<String, JsonNode> entry : line.properties()) {
                    if (entry.getValue().isNumber()) {
                        found.put(entry.getKey(), entry.getValue().doubleValue());
                    }
                }
                scores.put(file.resolveSibling(line.path(CLIP).textValue()), found);
            } catch (JsonProcessingException e) {
                throw new InvalidFileException(file, "line " + (i + 1) + ": is not a JSON object", e);
            }
        }
        return new ClipTable(scores);
    }

    /** The names of the values, in the order of the first clip. */
    public List<String> names() {
        return scores.isEmpty()
                ? List.of()
                : new ArrayList<>(scores.values().iterator().next().keySet());
    }

    /**
     * One value of a clip.
     *
     * @throws IllegalArgumentException if the table does not contain it
     */
    public double score(Path clip, String name) {
        Double score = scores.getOrDefault(clip, Map.of()).get(name);
        if (score == null) {
            throw new IllegalArgumentException(
                    FILE + " has no " + name + " of " + clip + ": the votes and the table are not of one simulation");
        }
        return score;
    }

    /**
     * A clip that simulated raters compare.
     *
     * @param prompt its prompt
     * @param promptNumber number of the prompt; clips of one prompt can be compared
     * @param system name of the checkpoint; empty if there is only one
     * @param piece its notes
     */
    public record SimulatedClip(Prompt prompt, int promptNumber, String system, Piece piece) {}

    /** Generates clips for the prompts of a simulation, with one or several checkpoints. */
    public static final class ClipGenerator {
        private static final int BATCH = 32;

        private final SimulationSettings settings;
        private final RandomStreams streams;

        /** Creates a generator. */
        public ClipGenerator(SimulationSettings settings) {
            this.settings = settings;
            this.streams = new RandomStreams(settings.seed());
        }

        /**
         * Generates all clips.
         *
         * @param checkpoints directories of the models, in the order of the settings
         * @param done receives the number of clips after each round
         */
        public List<SimulatedClip> generate(List<Path> checkpoints, Shards shards, IntConsumer done)
                throws IOException {
            List<Prompt> prompts = prompts(settings.clips().prompts());
            List<SimulatedClip> clips = new ArrayList<>();
            for (int model = 0; model < checkpoints.size(); model++) {
                String system = checkpoints.size() == 1
                        ? ""
                        : String.valueOf(settings.clips().checkpoints().get(model));
                for (int turn = 0; turn < settings.clips().clipsPerPrompt(); turn++) {
                    clips.addAll(turn(checkpoints.get(model), shards, prompts, new Turn(model, turn, system)));
                    done.accept(clips.size());
                }
            }
            return clips;
        }

        private static List<Prompt> prompts(SimulationSettings.Prompts wanted) {
            Corpus corpus = new EtudeCorpus(wanted.corpusSeed());
            int end = wanted.first() + wanted.count();
            IntStream numbers = IntStream.range(wanted.first(), end);
            return switch (wanted.part()) {
                case TRAINING -> numbers.mapToObj(corpus::trainPrompt).toList();
                case TUNING -> numbers.mapToObj(corpus::tuningPrompt).toList();
                case HELD_OUT -> corpus.heldOutPrompts(end).subList(wanted.first(), end);
                case TEST -> corpus.on(Split.TEST).heldOutPrompts(end).subList(wanted.first(), end);
            };
        }

        /** One round: one clip for each prompt by one model. */
        private record Turn(int model, int turn, String system) {}

        private List<SimulatedClip> turn(Path checkpoint, Shards shards, List<Prompt> prompts, Turn turn)
                throws IOException {
            List<Double> temperatures = settings.clips().temperatures();
            double temperature = temperatures.get(turn.turn % temperatures.size());
            List<SimulatedClip> clips = new ArrayList<>();
            try (PretrainedModel model = PretrainedModel.open(checkpoint, shards)) {
                SymbolicCodec codec = model.symbolicCodec();
                int frames = Math.min(settings.clips().maxFrames(), model.maxFrames());
                SamplingSettings sampling = new SamplingSettings(temperature, 0, 1.0, 1.0);
                try (ParallelGenerator generator = model.generator(sampling, BATCH, frames)) {
                    List<Completion> completions = generator.generate(
                            prompts.stream().map(Prompt::text).toList(),
                            i -> streams.stream(Purpose.SAMPLING, turn.model, turn.turn, i));
                    for (int i = 0; i < completions.size(); i++) {
                        Piece piece = codec.piece(completions.get(i).codes());
                        clips.add(new SimulatedClip(prompts.get(i), i, turn.system, piece));
                    }
                }
            }
            return clips;
        }
    }
}
