package org.encore.rewards.quality;

import java.util.Arrays;
import java.util.List;
import org.encore.model.kernels.Precision;
import org.encore.rewards.hearing.AudioInputs;
import org.encore.rewards.hearing.Heard;
import org.encore.rewards.networks.Matrix;
import org.encore.rewards.networks.Network;
import org.encore.rewards.quality.raters.OpinionCurve;

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
    double[] opinions(List<Heard> windows) {
        return opinions(network.outputs(inputs(windows)).get(0));
    }

    /** The score of a clip: the mean opinion of its windows. */
    double score(List<Heard> windows) {
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
    double learn(List<List<Heard>> clips, double[] ratings, InputDropout silenced, double learningRate) {
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

    private List<Matrix> inputs(List<Heard> windows) {
        return AudioInputs.of(settings.hearing(), windows);
    }
}
