package org.encore.preferences.simulation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
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
import org.encore.music.text.Prompt;
import org.encore.preferences.simulation.ClipTable.SimulatedClip;

/** Generates clips for the prompts of a simulation, with one or several checkpoints. */
public final class ClipGenerator {
    private static final int BATCH = 32;

    private final SimulationSettings settings;
    private final RandomStreams streams;

    /** Generates as the settings say. */
    public ClipGenerator(SimulationSettings settings) {
        this.settings = settings;
        this.streams = new RandomStreams(settings.seed());
    }

    /**
     * Generates all clips.
     *
     * @param checkpoints where the models lie, in the order of the settings
     * @param done told how many clips there are, after each turn
     */
    public List<SimulatedClip> generate(List<Path> checkpoints, Shards shards, IntConsumer done) throws IOException {
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
        };
    }

    /** One clip for each prompt by one model. */
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
