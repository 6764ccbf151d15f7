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
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.preference.PreferenceModel.PreferenceModels;

/**
 * Rewards clips that listeners are predicted to prefer, in log-odds, with a model trained on votes; abstains from clips
 * without notes.
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
        List<PieceScores.PromptedPiece> clips = new ArrayList<>();
        List<Optional<Integer>> places = new ArrayList<>();
        for (Sample sample : batch) {
            Optional<Piece> piece = sample.clip().piece();
            places.add(piece.map(unused -> clips.size()));
            piece.ifPresent(notes ->
                    clips.add(new PieceScores.PromptedPiece(sample.prompt().text(), notes)));
        }
        double[] scores = new PieceScores(loaded()).of(clips);
        return places.stream()
                .map(place -> place.map(i -> Score.of(scores[i], "log-odds of being preferred to a clip of score 0"))
                        .orElseGet(() -> Score.abstention("the clip is sound alone")))
                .toList();
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
     * Scores whole pieces of any length; a piece longer than the model's window scores the mean of its windows.
     *
     * @param model scores the windows
     */
    public record PieceScores(PreferenceModel model) {
        /**
         * A piece with its caption.
         *
         * @param prompt the caption
         * @param piece the notes
         */
        public record PromptedPiece(String prompt, Piece piece) {}

        /**
         * Scores pieces.
         *
         * @return in the order of the pieces
         */
        public double[] of(List<PromptedPiece> pieces) {
            List<CodeSequence> windows = new ArrayList<>();
            int[] ends = new int[pieces.size()];
            for (int i = 0; i < ends.length; i++) {
                PromptedPiece asked = pieces.get(i);
                windows.addAll(model.reading().windows(asked.piece, asked.prompt, model.codec(), model.mostFrames()));
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
