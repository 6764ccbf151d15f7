package org.encore.rewards.quality;

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
import org.encore.rewards.quality.QualityTraining.InputDropout;

/** The network with its weights, and what goes in and comes out of it. */
final class Estimator {
    private static final double RANGE = OpinionCurve.BEST - OpinionCurve.WORST;

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

    /** Opinions of windows, in [1, 5]. */
    double[] opinions(List<WindowFeatures> windows) {
        return opinions(network.outputs(inputs(windows)).get(0));
    }

    /** The score of a clip: the mean opinion of its windows. */
    double score(List<WindowFeatures> windows) {
        return Arrays.stream(opinions(windows)).average().orElseThrow();
    }

    /**
     * Learns from clips: the squared error of their scores.
     *
     * @param clips windows of each clip, {@link AudioQuality#WINDOWS} of them
     * @param ratings what each clip was rated
     * @param silenced hides a share of what is heard
     * @return the mean squared error before the update
     */
    double learn(List<List<WindowFeatures>> clips, double[] ratings, InputDropout silenced, double learningRate) {
        List<Matrix> inputs = inputs(clips.stream().flatMap(List::stream).toList());
        inputs.forEach(silenced::apply);
        double[] opinions = opinions(network.forward(inputs).get(0));
        int windows = opinions.length / clips.size();
        Matrix gradient = Matrix.zeros(opinions.length, 1);
        double squares = 0.0;
        for (int clip = 0; clip < ratings.length; clip++) {
            double score = Arrays.stream(opinions, clip * windows, (clip + 1) * windows)
                    .average()
                    .orElseThrow();
            double error = score - ratings[clip];
            squares += error * error;
            for (int window = 0; window < windows; window++) {
                gradient.values()[clip * windows + window] = (float) (2.0 * error * RANGE / opinions.length);
            }
        }
        network.backward(List.of(gradient));
        network.update(learningRate);
        return squares / ratings.length;
    }

    private static double[] opinions(Matrix outputs) {
        double[] opinions = new double[outputs.rows()];
        for (int i = 0; i < opinions.length; i++) {
            opinions[i] = OpinionCurve.WORST + RANGE * outputs.at(i, 0);
        }
        return opinions;
    }

    private List<Matrix> inputs(List<WindowFeatures> windows) {
        return AudioInputs.of(settings.features(), windows);
    }

    /**
     * The estimator without its weights.
     *
     * @param features what it hears
     * @param plan its network; one number in [0, 1] a window comes out
     */
    record QualitySettings(AudioFeatureSettings features, NetworkPlan plan) {
        /**
         * Two dense layers over each patch, row of pitches and key, their mean and their maximum over the window; one layer
         * over rhythm; all of it through two more. The paper says nothing about its network.
         *
         * @param width of the layers over patches; the others are in proportion
         */
        static QualitySettings of(AudioFeatureSettings features, int width) {
            List<Layer> nodes = new ArrayList<>(AudioInputs.nodes(features));
            List<String> heard = new ArrayList<>();
            heard.addAll(pooled(nodes, "patches", width));
            heard.addAll(pooled(nodes, "pitches", Math.max(1, width / 2)));
            heard.addAll(pooled(nodes, "harmony", width));
            nodes.add(new Layer.Dense("rhythm1", "rhythm", Math.max(1, width / 2), Nonlinearity.RELU));
            heard.add("rhythm1");
            nodes.add(new Layer.Join("heard", heard));
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
