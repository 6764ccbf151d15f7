package org.encore.rewards.quality;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.music.corpus.Split;
import org.encore.rewards.Explanation;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.features.AudioFeatureSettings;
import org.encore.rewards.features.AudioFeatures;
import org.encore.rewards.features.AudioInputs;
import org.encore.rewards.features.AudioInputs.WindowFeatures;
import org.encore.rewards.mixture.Normaliser;
import org.encore.rewards.mixture.Normaliser.FixedRange;
import org.encore.rewards.networks.Matrix;
import org.encore.rewards.networks.Network;
import org.encore.rewards.networks.NetworkPlan;
import org.encore.rewards.networks.NetworkPlan.Layer;
import org.encore.rewards.networks.NetworkPlan.Layer.Nonlinearity;
import org.encore.rewards.networks.NetworkPlan.Layer.Pooling;
import org.encore.rewards.quality.AudioQuality.Estimator.QualitySettings;
import org.encore.rewards.quality.QualityTraining.InputDropout;
import org.encore.rewards.quality.RatedClips.ScoreCurve;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.rewards.trained.RewardKind;
import org.encore.rewards.trained.RewardKind.PolicySamples;
import org.encore.rewards.trained.RewardKind.RewardReport;
import org.encore.rewards.trained.RewardKind.RewardTrainer;
import org.encore.run.Progress;

/**
 * Predicts how good a clip sounds, as a mean opinion score in [1, 5]; the prompt is ignored.
 *
 * @param model directory of the trained reward
 */
public record AudioQuality(Path model) implements RewardKind {
    /** The kind in {@code reward.json}. */
    static final String NAME = "audio-quality";

    /** The estimator that ships. */
    public static AudioQuality defaults() {
        return new AudioQuality(Path.of("checkpoints/rewards/quality"));
    }

    /**
     * {@link QualityTraining}.
     *
     * @param learning settings of the training
     */
    public record Training(QualityTraining.Settings learning) implements RewardTraining {
        /** The settings of the shipped estimator. */
        public static Training defaults() {
            return new Training(QualityTraining.Settings.defaults());
        }

        @Override
        public RewardKind kind() {
            return AudioQuality.defaults();
        }

        @Override
        public long seed() {
            return learning.seed();
        }

        @Override
        public RewardTrainer trainer(Progress progress) {
            return new QualityTraining(learning, progress);
        }
    }

    @Override
    public AudioQuality located(UnaryOperator<Path> locate) {
        return new AudioQuality(locate.apply(model));
    }

    @Override
    public Class<Training> training() {
        return Training.class;
    }

    /** Maps mean opinion scores from [1, 5] to [0, 1], as in the paper. */
    @Override
    public Normaliser usualNormaliser() {
        return new FixedRange(ScoreCurve.WORST, ScoreCurve.BEST);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean readsCaptions() {
        return false;
    }

    @Override
    public boolean usesPolicySamples() {
        return false;
    }

    @Override
    public RewardModel open(String id, RewardDirectory directory) throws IOException {
        return new QualityReward(id, estimator(directory));
    }

    /** Measures on held-out rated clips; {@code policy} is not used, because its pieces have no ratings. */
    @Override
    public RewardReport evaluate(
            RewardDirectory directory, int clips, Split split, PolicySamples policy, Progress progress)
            throws IOException {
        return new QualityMeasures(
                        new QualityReward(NAME, estimator(directory)), QualityMeasures.Settings.of(clips, split))
                .run(progress);
    }

    private static Estimator estimator(RewardDirectory directory) throws IOException {
        directory.requireKind(NAME);
        QualitySettings settings = directory.settings(QualitySettings.class);
        try {
            Estimator estimator = new Estimator(settings);
            estimator.network().load(directory.weights());
            return estimator;
        } catch (IllegalArgumentException e) {
            throw new InvalidFileException(directory.path(), "is not an audio quality reward: " + e.getMessage(), e);
        }
    }

    /**
     * Predicts the mean opinion score of a clip, in [1, 5]: the mean over the fewest windows that cover it, evenly spaced:
     * the first and the last of clips up to two windows long, three windows of 10 s of a clip of 30 s.
     *
     * <p>A clip shorter than a window is padded with silence. The prompt is ignored. Rendering and feature extraction
     * run on all cores; the network scores one clip at a time, so that a score does not depend on the batch.
     *
     * @paper Cideron et al. 2024, MusicRL, section 3, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>:
     *     the first and the last 20 s of 30, which is what windows of 20 s give
     */
    static final class QualityReward implements RewardModel {
        /** Windows of a training clip. */
        static final int WINDOWS = 2;

        private final String id;
        private final Estimator estimator;
        private final AudioFeatures features;

        QualityReward(String id, Estimator estimator) {
            this.id = id;
            this.estimator = estimator;
            this.features = new AudioFeatures(estimator.settings().features());
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public List<Score> score(List<Sample> batch) {
            List<WindowFeatures.Clip> clips = batch.parallelStream()
                    .map(sample -> features.extract(sample.clip()))
                    .toList();
            return clips.stream().map(clip -> estimate(clip.windows())).toList();
        }

        /** The first and the last window, of which training clips have no more; the same one twice if there is only one. */
        static List<WindowFeatures> firstAndLast(WindowFeatures.Clip clip) {
            return List.of(
                    clip.windows().get(0), clip.windows().get(clip.windows().size() - 1));
        }

        private Score estimate(List<WindowFeatures> windows) {
            double[] scores = estimator.scores(windows);
            List<Explanation> parts = new ArrayList<>();
            for (double score : scores) {
                parts.add(Explanation.product(
                        "window " + (parts.size() + 1),
                        Explanation.leaf(1.0 / scores.length, "share"),
                        Explanation.leaf(score, "its opinion score")));
            }
            return Score.of(Explanation.sum("mean opinion score, from 1 to 5, estimated", parts));
        }
    }

    /** The network with its weights, its inputs and its outputs. */
    static final class Estimator {
        private static final double RANGE = ScoreCurve.BEST - ScoreCurve.WORST;

        private final QualitySettings settings;
        private final Network network;

        Estimator(QualitySettings settings) {
            this.settings = settings;
            this.network = new Network(settings.plan(), Precision.SINGLE);
        }

        QualitySettings settings() {
            return settings;
        }

        Network network() {
            return network;
        }

        /** Predicted opinion scores of windows, in [1, 5]. */
        double[] scores(List<WindowFeatures> windows) {
            return scores(network.outputs(inputs(windows)).get(0));
        }

        /** Predicted opinion score of a clip: the mean over its windows. */
        double score(List<WindowFeatures> windows) {
            return Arrays.stream(scores(windows)).average().orElseThrow();
        }

        /**
         * Updates the weights once, with the squared error of the scores of a batch.
         *
         * @param clips the {@link QualityReward#WINDOWS} windows of each clip
         * @param ratings mean rating of each clip, in [1, 5]
         * @param dropout sets a share of the inputs to 0
         * @return the mean squared error before the update
         */
        double learn(List<List<WindowFeatures>> clips, double[] ratings, InputDropout dropout, double learningRate) {
            List<Matrix> inputs = inputs(clips.stream().flatMap(List::stream).toList());
            inputs.forEach(dropout::apply);
            double[] scores = scores(network.forward(inputs).get(0));
            int windows = scores.length / clips.size();
            Matrix gradient = Matrix.zeros(scores.length, 1);
            double squares = 0.0;
            for (int clip = 0; clip < ratings.length; clip++) {
                double score = Arrays.stream(scores, clip * windows, (clip + 1) * windows)
                        .average()
                        .orElseThrow();
                double error = score - ratings[clip];
                squares += error * error;
                for (int window = 0; window < windows; window++) {
                    gradient.values()[clip * windows + window] = (float) (2.0 * error * RANGE / scores.length);
                }
            }
            network.backward(List.of(gradient));
            network.update(learningRate);
            return squares / ratings.length;
        }

        private static double[] scores(Matrix outputs) {
            double[] scores = new double[outputs.rows()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = ScoreCurve.WORST + RANGE * outputs.at(i, 0);
            }
            return scores;
        }

        private List<Matrix> inputs(List<WindowFeatures> windows) {
            return AudioInputs.of(settings.features(), windows);
        }

        /**
         * Settings of the estimator: all but its weights.
         *
         * @param features audio features that the network reads
         * @param plan the network, with one output in [0, 1] per window
         */
        record QualitySettings(@JsonAlias("hearing") AudioFeatureSettings features, NetworkPlan plan) {
            /**
             * Two dense layers over patches, pitch rows and keys, each pooled by mean and maximum over the window; one
             * dense layer over rhythm; two dense layers over all of these. The paper does not describe its network.
             *
             * @param width units of the layers over patches; the other layers scale with it
             */
            static QualitySettings of(AudioFeatureSettings features, int width) {
                List<Layer> nodes = new ArrayList<>(AudioInputs.nodes(features));
                List<String> pooled = new ArrayList<>();
                pooled.addAll(pooled(nodes, "patches", width));
                pooled.addAll(pooled(nodes, "pitches", Math.max(1, width / 2)));
                pooled.addAll(pooled(nodes, "harmony", width));
                nodes.add(new Layer.Dense("rhythm1", "rhythm", Math.max(1, width / 2), Nonlinearity.RELU));
                pooled.add("rhythm1");
                nodes.add(new Layer.Join("heard", pooled));
                nodes.add(new Layer.Dense("window1", "heard", width, Nonlinearity.RELU));
                nodes.add(new Layer.Dense("opinion", "window1", 1, Nonlinearity.SIGMOID));
                return new QualitySettings(features, new NetworkPlan(nodes, List.of("opinion")));
            }

            /** Adds two dense layers over the rows of an input; returns the names of their mean and maximum. */
            private static List<String> pooled(List<Layer> nodes, String input, int width) {
                nodes.add(new Layer.Dense(input + "1", input, width, Nonlinearity.RELU));
                nodes.add(new Layer.Dense(input + "2", input + "1", width, Nonlinearity.RELU));
                nodes.add(new Layer.Pool(input + "Mean", input + "2", Pooling.MEAN));
                nodes.add(new Layer.Pool(input + "Most", input + "2", Pooling.MAX));
                return List.of(input + "Mean", input + "Most");
            }
        }
    }
}
