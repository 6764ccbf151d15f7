package org.encore.rewards.preference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;
import org.encore.model.decoding.CodeSequence;
import org.encore.music.Piece;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.Clip;
import org.encore.music.codec.SymbolicCodec;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.preference.PreferenceModel.PreferenceModels;

/**
 * Rewards clips that listeners are predicted to prefer, in log-odds, with a model trained on votes; from their notes or from their sound, as
 * the model was trained; a model of notes abstains from clips without them.
 *
 * <p>The model is loaded with the first batch and stays loaded.
 */
public final class PreferenceReward implements RewardModel {
    private final String id;
    private final Path directory;
    private PreferenceModel model;

    private PreferenceReward(String id, Path directory) {
        this.id = id;
        this.directory = directory;
    }

    /**
     * Creates the reward without loading the model.
     *
     * @param id the name in metrics
     * @param directory directory of the model
     * @throws InvalidFileException if it does not hold a preference model
     */
    public static PreferenceReward of(String id, Path directory) {
        try {
            PreferenceFile.read(directory);
        } catch (IOException e) {
            throw new InvalidFileException(directory, "cannot be read: " + e.getMessage(), e);
        }
        return new PreferenceReward(id, directory);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public List<Score> score(List<Sample> batch) {
        PreferenceModel judge = loaded();
        boolean readsNotes = judge.codec() instanceof SymbolicCodec;
        List<ClipScores.PromptedClip> clips = new ArrayList<>();
        List<Optional<Integer>> places = new ArrayList<>();
        for (Sample sample : batch) {
            if (readsNotes && sample.clip().piece().isEmpty()) {
                places.add(Optional.empty());
            } else {
                places.add(Optional.of(clips.size()));
                clips.add(new ClipScores.PromptedClip(sample.prompt().text(), new OfSample(sample.clip())));
            }
        }
        double[] scores = new ClipScores(judge).of(clips);
        return places.stream()
                .map(place -> place.map(i -> Score.of(scores[i], "log-odds of being preferred to a clip of score 0"))
                        .orElseGet(() -> Score.abstention("the clip is sound alone, and the model reads notes")))
                .toList();
    }

    /** A clip of a sample. */
    private record OfSample(Clip clip) implements ClipReading.Source {
        @Override
        public Piece piece() {
            return clip.piece().orElseThrow(() -> new IllegalArgumentException("the clip is sound alone"));
        }

        @Override
        public Waveform waveform() {
            return clip.waveform();
        }
    }

    private PreferenceModel loaded() {
        if (model == null) {
            try {
                model = PreferenceModels.load(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return model;
    }

    /**
     * Scores whole clips of any length; a clip longer than the model's window scores the mean of its windows.
     *
     * @param model scores the windows
     */
    public record ClipScores(PreferenceModel model) {
        /**
         * A clip with its caption.
         *
         * @param prompt the caption
         * @param clip its notes or its sound
         */
        public record PromptedClip(String prompt, ClipReading.Source clip) {}

        /**
         * Scores clips.
         *
         * @return in the order of the clips
         */
        public double[] of(List<PromptedClip> clips) {
            List<CodeSequence> windows = new ArrayList<>();
            int[] ends = new int[clips.size()];
            for (int i = 0; i < ends.length; i++) {
                PromptedClip asked = clips.get(i);
                windows.addAll(model.reading().windows(asked.clip, asked.prompt, model.codec(), model.mostFrames()));
                ends[i] = windows.size();
            }
            double[] ofWindows = windows.isEmpty() ? new double[0] : model.scores(windows);
            double[] scores = new double[ends.length];
            int window = 0;
            for (int i = 0; i < ends.length; i++) {
                int first = window;
                for (; window < ends[i]; window++) {
                    scores[i] += ofWindows[window] / (ends[i] - first);
                }
            }
            return scores;
        }
    }
}
