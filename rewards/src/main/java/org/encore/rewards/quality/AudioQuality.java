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
 * Audio quality: {@link QualityReward}, measured by {@link QualityMeasures}.
 *
 * @param model the directory that a training has written
 */
public record AudioQuality(Path model) implements RewardKind {
    /** What {@code reward.json} calls it. */
    static final String NAME = "audio-quality";

    /** The estimator that ships. */
    public static AudioQuality defaults() {
        return new AudioQuality(Path.of("checkpoints/rewards/quality"));
    }

    /**
     * {@link QualityTraining}.
     *
     * @param learning how it is trained
     */
    public record Training(QualityTraining.Settings learning) implements RewardTraining {
        /** What the shipped estimator is trained with. */
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

    /** Opinion scores from [1, 5] to [0, 1], as in the paper. */
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

    /** Measures with held-out rated clips; pieces of a policy are not needed, because nobody rated them. */
    @Override
    public RewardReport evaluate(RewardDirectory directory, int clips, PolicySamples policy, Progress progress)
            throws IOException {
        return new QualityMeasures(new QualityReward(NAME, estimator(directory)), QualityMeasures.Settings.of(clips))
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
            throw new InvalidFileException(directory.path(), "is not an estimator of quality: " + e.getMessage(), e);
        }
    }

    /**
     * Estimates the mean opinion score of a clip: the mean of those of its first and its last window, in [1, 5].
     *
     * <p>A clip that is shorter than a window is followed by silence, The prompt does not count.
     * Clips are rendered and their features extracted on all cores, and scored one by one, so that a score does not depend on its batch.
     *
     * @paper Cideron et al. 2024, MusicRL, section 3, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>: the
     *     first and the last 20 s of 30; our clips are shorter
     */
    static final class QualityReward implements RewardModel {
        /** Windows that are scored of a clip. */
        static final int WINDOWS = 2;

        private static final double SHARE = 1.0 / WINDOWS;

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
            return clips.stream().map(clip -> estimate(firstAndLast(clip))).toList();
        }

        /** Two windows; the same one twice where there is only one. */
        static List<WindowFeatures> firstAndLast(WindowFeatures.Clip clip) {
            return List.of(
                    clip.windows().get(0), clip.windows().get(clip.windows().size() - 1));
        }

        private Score estimate(List<WindowFeatures> windows) {
            double[] scores = estimator.scores(windows);
            return Score.of(Explanation.sum(
                    "mean opinion score, from 1 to 5, estimated",
                    List.of(part("the first window", scores[0]), part("the last window", scores[1]))));
        }

        private static Explanation part(String name, double score) {
            return Explanation.product(
                    name, Explanation.leaf(SHARE, "share"), Explanation.leaf(score, "its opinion score"));
        }
    }

    /** The network with its weights, and what goes in and comes out of it. */
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

        /** The score of a clip: the mean of those of its windows. */
        double score(List<WindowFeatures> windows) {
            return Arrays.stream(scores(windows)).average().orElseThrow();
        }

        /**
         * Learns from clips: the squared error of their scores.
         *
         * @param clips windows of each clip, {@link QualityReward#WINDOWS} of them
         * @param ratings what each clip was rated
         * @param dropout hides a share of the inputs
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
         * The estimator without its weights.
         *
         * @param features its inputs
         * @param plan its network; one number in [0, 1] a window comes out
         */
        record QualitySettings(@JsonAlias("hearing") AudioFeatureSettings features, NetworkPlan plan) {
            /**
             * Two dense layers over each patch, row of pitches and key, their mean and their maximum over the window; one layer
             * over rhythm; all of it through two more. The paper says nothing about its network.
             *
             * @param width of the layers over patches; the others are in proportion
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

            /** Adds two layers over the rows of an input, and returns the names of their mean and maximum. */
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
