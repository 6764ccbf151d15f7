package org.encore.rewards.adherence;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.encore.base.files.InvalidFileException;
import org.encore.music.codec.Clip;
import org.encore.rewards.Explanation;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.adherence.Towers.TowerSettings;
import org.encore.rewards.features.AudioFeatures;
import org.encore.rewards.features.AudioInputs.WindowFeatures;
import org.encore.rewards.networks.Matrix;
import org.encore.rewards.trained.RewardDirectory;

/**
 * Scores how well the sound of a clip matches its caption: the cosine of their embeddings, averaged over windows, in
 * [-1, 1]. Abstains if it knows no word of the caption.
 *
 * <p>Features are extracted on all cores; the towers run on the calling thread, one sample at a time, so that a score
 * does not depend on the batch.
 *
 * @paper Cideron et al. 2024, MusicRL, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>, section 3.3;
 *     the score of Huang et al. 2022, MuLan, <a href="https://arxiv.org/abs/2208.12415">arXiv 2208.12415</a>
 */
public final class AdherenceReward implements RewardModel {
    private final String id;
    private final Towers towers;
    private final AudioFeatures features;

    AdherenceReward(String id, Towers towers) {
        this.id = id;
        this.towers = towers;
        this.features = new AudioFeatures(towers.settings().features());
    }

    /**
     * Loads a trained reward.
     *
     * @param id its name in metrics
     * @throws InvalidFileException if the directory holds no reward of this kind
     */
    public static AdherenceReward open(String id, RewardDirectory directory) throws IOException {
        directory.requireKind(TextAdherence.NAME);
        Towers towers = new Towers(directory.settings(TowerSettings.class));
        try {
            towers.network().load(directory.weights());
        } catch (IllegalArgumentException e) {
            throw new InvalidFileException(directory.path(), "the weights do not fit the towers: " + e.getMessage(), e);
        }
        return new AdherenceReward(id, towers);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public List<Score> score(List<Sample> batch) {
        List<WindowFeatures.Clip> clips = batch.stream()
                .parallel()
                .map(sample -> features.extract(sample.clip()))
                .toList();
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            scores.add(score(clips.get(i), batch.get(i).prompt().text()));
        }
        return scores;
    }

    private Score score(WindowFeatures.Clip clip, String caption) {
        if (!towers.settings().words().know(caption)) {
            return Score.abstention("the reward knows no word of the caption");
        }
        double[][] cosines = cosines(clip, List.of(caption));
        List<Explanation> windows = new ArrayList<>();
        for (double[] window : cosines) {
            windows.add(Explanation.product(
                    "window " + (windows.size() + 1),
                    Explanation.leaf(1.0 / cosines.length, "share"),
                    Explanation.leaf(window[0], "cosine of sound and caption")));
        }
        return Score.of(Explanation.sum("mean cosine of sound and caption over windows", windows));
    }

    /**
     * Where the audio tower places clips: the mean over the windows of each. Features are extracted on all cores.
     *
     * @shape result {@code [clips][D]}
     */
    public double[][] embeddings(List<Clip> clips) {
        List<WindowFeatures.Clip> extracted =
                clips.stream().parallel().map(features::extract).toList();
        double[][] embeddings = new double[clips.size()][];
        for (int i = 0; i < embeddings.length; i++) {
            List<WindowFeatures> windows = extracted.get(i).windows();
            Matrix rows = towers.network()
                    .outputs(towers.inputs(windows, List.of("")))
                    .get(0);
            embeddings[i] = new double[rows.columns()];
            for (int window = 0; window < windows.size(); window++) {
                for (int k = 0; k < rows.columns(); k++) {
                    embeddings[i][k] += rows.at(window, k) / windows.size();
                }
            }
        }
        return embeddings;
    }

    /** The features of a clip. */
    WindowFeatures.Clip extract(Sample sample) {
        return features.extract(sample.clip());
    }

    /**
     * Cosine similarity of each window of a clip and each caption.
     *
     * @shape result {@code [windows][captions]}
     */
    double[][] cosines(WindowFeatures.Clip clip, List<String> captions) {
        List<Matrix> outputs = towers.network().outputs(towers.inputs(clip.windows(), captions));
        double[][] cosines = new double[clip.windows().size()][captions.size()];
        for (int window = 0; window < cosines.length; window++) {
            for (int caption = 0; caption < captions.size(); caption++) {
                cosines[window][caption] = cosine(outputs.get(0), window, outputs.get(1), caption);
            }
        }
        return cosines;
    }

    private static double cosine(Matrix first, int row, Matrix second, int otherRow) {
        double product = 0.0;
        double square = 1e-12;
        double otherSquare = 1e-12;
        for (int k = 0; k < first.columns(); k++) {
            double a = first.at(row, k);
            double b = second.at(otherRow, k);
            product += a * b;
            square += a * a;
            otherSquare += b * b;
        }
        return product / Math.sqrt(square * otherSquare);
    }
}
