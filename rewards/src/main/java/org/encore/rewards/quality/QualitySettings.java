package org.encore.rewards.quality;

import java.util.ArrayList;
import java.util.List;
import org.encore.rewards.hearing.AudioInputs;
import org.encore.rewards.hearing.HearingSettings;
import org.encore.rewards.networks.NetworkPlan;
import org.encore.rewards.networks.Node;
import org.encore.rewards.networks.Node.Nonlinearity;
import org.encore.rewards.networks.Node.Pooling;

/**
 * The estimator without its weights.
 *
 * @param hearing what it hears
 * @param plan its network; one number in [0, 1] a window comes out
 */
record QualitySettings(HearingSettings hearing, NetworkPlan plan) {
    /**
     * Two dense layers over each patch, row of pitches and key, their mean and their maximum over the window; one layer
     * over rhythm; all of it through two more. The paper says nothing about its network.
     *
     * @param width of the layers over patches; the others are in proportion
     */
    static QualitySettings of(HearingSettings hearing, int width) {
        List<Node> nodes = new ArrayList<>(AudioInputs.nodes(hearing));
        List<String> heard = new ArrayList<>();
        heard.addAll(pooled(nodes, "patches", width));
        heard.addAll(pooled(nodes, "pitches", Math.max(1, width / 2)));
        heard.addAll(pooled(nodes, "harmony", width));
        nodes.add(new Node.Dense("rhythm1", "rhythm", Math.max(1, width / 2), Nonlinearity.RELU));
        heard.add("rhythm1");
        nodes.add(new Node.Join("heard", heard));
        nodes.add(new Node.Dense("window1", "heard", width, Nonlinearity.RELU));
        nodes.add(new Node.Dense("opinion", "window1", 1, Nonlinearity.SIGMOID));
        return new QualitySettings(hearing, new NetworkPlan(nodes, List.of("opinion")));
    }

    /** Adds two layers over the rows of an input, and returns the names of their mean and maximum. */
    private static List<String> pooled(List<Node> nodes, String input, int width) {
        nodes.add(new Node.Dense(input + "1", input, width, Nonlinearity.RELU));
        nodes.add(new Node.Dense(input + "2", input + "1", width, Nonlinearity.RELU));
        nodes.add(new Node.Pool(input + "Mean", input + "2", Pooling.MEAN));
        nodes.add(new Node.Pool(input + "Most", input + "2", Pooling.MAX));
        return List.of(input + "Mean", input + "Most");
    }
}
