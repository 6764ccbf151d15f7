package org.encore.rewards.adherence;

import java.util.ArrayList;
import java.util.List;
import org.encore.rewards.hearing.AudioInputs;
import org.encore.rewards.hearing.HearingSettings;
import org.encore.rewards.networks.NetworkPlan;
import org.encore.rewards.networks.Node;
import org.encore.rewards.networks.Node.Nonlinearity;
import org.encore.rewards.networks.Node.Pooling;

/**
 * Both towers without their weights.
 *
 * @param hearing what the audio tower is fed
 * @param words what the text tower is fed
 * @param plan the network; its first output are the embeddings of windows, its second those of captions
 */
record TowerSettings(HearingSettings hearing, Words words, NetworkPlan plan) {
    /** The nodes of the audio tower, fed in this order. */
    static final List<String> AUDIO_INPUTS = List.of("patches", "pitches", "harmony", "rhythm");

    /** The shipped towers over some words. */
    static TowerSettings of(HearingSettings hearing, Words words) {
        List<Node> nodes = new ArrayList<>(AudioInputs.nodes(hearing));
        nodes.addAll(List.of(
                new Node.Input("words", words.vocabulary().size(), 1),
                new Node.Dense("timbre1", "patches", 192, Nonlinearity.RELU),
                new Node.Dense("timbre2", "timbre1", 128, Nonlinearity.RELU),
                new Node.Pool("timbreMean", "timbre2", Pooling.MEAN),
                new Node.Pool("timbreMax", "timbre2", Pooling.MAX),
                new Node.Dense("pitch1", "pitches", 128, Nonlinearity.RELU),
                new Node.Dense("pitch2", "pitch1", 96, Nonlinearity.RELU),
                new Node.Pool("pitchMean", "pitch2", Pooling.MEAN),
                new Node.Pool("pitchMax", "pitch2", Pooling.MAX),
                new Node.Dense("harmony1", "harmony", 128, Nonlinearity.RELU),
                new Node.Dense("harmony2", "harmony1", 64, Nonlinearity.RELU),
                new Node.Pool("harmonyMean", "harmony2", Pooling.MEAN),
                new Node.Pool("harmonyMax", "harmony2", Pooling.MAX),
                new Node.Dense("rhythm1", "rhythm", 320, Nonlinearity.RELU),
                new Node.Dense("rhythm2", "rhythm1", 192, Nonlinearity.RELU),
                new Node.Join(
                        "heard",
                        List.of(
                                "timbreMean",
                                "timbreMax",
                                "pitchMean",
                                "pitchMax",
                                "harmonyMean",
                                "harmonyMax",
                                "rhythm2")),
                new Node.Dense("audio1", "heard", 320, Nonlinearity.RELU),
                new Node.Dense("audio", "audio1", 128, Nonlinearity.NONE),
                new Node.Dense("text1", "words", 256, Nonlinearity.RELU),
                new Node.Dense("text", "text1", 128, Nonlinearity.NONE)));
        return new TowerSettings(hearing, words, new NetworkPlan(nodes, List.of("audio", "text")));
    }
}
