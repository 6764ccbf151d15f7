package org.encore.rewards.quality;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.rewards.features.AudioFeatureSettings;
import org.encore.rewards.features.AudioInputs;
import org.encore.rewards.features.AudioInputs.WindowFeatures;
import org.encore.rewards.networks.Matrix;
import org.encore.rewards.networks.Network;
import org.encore.rewards.networks.NetworkPlan;
import org.encore.rewards.networks.NetworkPlan.Layer;
import org.encore.rewards.networks.NetworkPlan.Layer.Nonlinearity;
import org.encore.rewards.networks.NetworkPlan.Layer.Pooling;
import org.encore.rewards.quality.AudioQuality.QualityReward;
import org.encore.rewards.quality.QualityTraining.InputDropout;
import org.encore.rewards.quality.RatedClips.ScoreCurve;

/** The network with its weights, and what goes in and comes out of it. */
final class Estimator {
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
