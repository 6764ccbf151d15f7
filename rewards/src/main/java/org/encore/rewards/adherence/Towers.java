package org.encore.rewards.adherence;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

/** The audio tower and the text tower with their weights. */
final class Towers {
    private final TowerSettings settings;
    private final Network network;

    Towers(TowerSettings settings) {
        this.settings = settings;
        this.network = new Network(settings.plan(), Precision.SINGLE);
    }

    TowerSettings settings() {
        return settings;
    }

    Network network() {
        return network;
    }

    /** The inputs of the network for windows and captions, at least one of each. */
    List<Matrix> inputs(List<WindowFeatures> windows, List<String> captions) {
        List<Matrix> inputs = new ArrayList<>(AudioInputs.of(settings.features(), windows));
        inputs.add(settings.words().counts(captions));
        return inputs;
    }

    /**
     * Settings of both towers: all but their weights.
     *
     * @param features audio features that the audio tower reads
     * @param words vocabulary of the text tower
     * @param plan the network, with the embeddings of windows as first and those of captions as second output
     */
    record TowerSettings(@JsonAlias("hearing") AudioFeatureSettings features, Words words, NetworkPlan plan) {
        /** The inputs of the audio tower, in this order. */
        static final List<String> AUDIO_INPUTS = List.of("patches", "pitches", "harmony", "rhythm");

        /** The shipped towers over a vocabulary. */
        static TowerSettings of(AudioFeatureSettings features, Words words) {
            List<Layer> nodes = new ArrayList<>(AudioInputs.nodes(features));
            nodes.addAll(List.of(
                    new Layer.Input("words", words.vocabulary().size(), 1),
                    new Layer.Dense("timbre1", "patches", 192, Nonlinearity.RELU),
                    new Layer.Dense("timbre2", "timbre1", 128, Nonlinearity.RELU),
                    new Layer.Pool("timbreMean", "timbre2", Pooling.MEAN),
                    new Layer.Pool("timbreMax", "timbre2", Pooling.MAX),
                    new Layer.Dense("pitch1", "pitches", 128, Nonlinearity.RELU),
                    new Layer.Dense("pitch2", "pitch1", 96, Nonlinearity.RELU),
                    new Layer.Pool("pitchMean", "pitch2", Pooling.MEAN),
                    new Layer.Pool("pitchMax", "pitch2", Pooling.MAX),
                    new Layer.Dense("harmony1", "harmony", 128, Nonlinearity.RELU),
                    new Layer.Dense("harmony2", "harmony1", 64, Nonlinearity.RELU),
                    new Layer.Pool("harmonyMean", "harmony2", Pooling.MEAN),
                    new Layer.Pool("harmonyMax", "harmony2", Pooling.MAX),
                    new Layer.Dense("rhythm1", "rhythm", 320, Nonlinearity.RELU),
                    new Layer.Dense("rhythm2", "rhythm1", 192, Nonlinearity.RELU),
                    new Layer.Join(
                            "heard",
                            List.of(
                                    "timbreMean",
                                    "timbreMax",
                                    "pitchMean",
                                    "pitchMax",
                                    "harmonyMean",
                                    "harmonyMax",
                                    "rhythm2")),
                    new Layer.Dense("audio1", "heard", 320, Nonlinearity.RELU),
                    new Layer.Dense("audio", "audio1", 128, Nonlinearity.NONE),
                    new Layer.Dense("text1", "words", 256, Nonlinearity.RELU),
                    new Layer.Dense("text", "text1", 128, Nonlinearity.NONE)));
            return new TowerSettings(features, words, new NetworkPlan(nodes, List.of("audio", "text")));
        }
    }

    /**
     * Captions as word counts, in lower case; unknown words are ignored.
     *
     * @param vocabulary the words, in the order of their columns
     */
    record Words(List<String> vocabulary) {
        private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

        Words {
            vocabulary = List.copyOf(vocabulary);
        }

        /** All words of the captions, in alphabetical order. */
        static Words of(List<String> captions) {
            Map<String, Boolean> words = new TreeMap<>();
            captions.forEach(caption -> split(caption).forEach(word -> words.put(word, true)));
            return new Words(new ArrayList<>(words.keySet()));
        }

        private static List<String> split(String caption) {
            List<String> words = new ArrayList<>();
            Matcher matcher = WORD.matcher(caption.toLowerCase(Locale.ROOT));
            while (matcher.find()) {
                words.add(matcher.group());
            }
            return words;
        }

        /** Whether a caption contains a known word. */
        boolean know(String caption) {
            return split(caption).stream().anyMatch(vocabulary::contains);
        }

        /** One row of word counts per caption. */
        Matrix counts(List<String> captions) {
            Map<String, Integer> columns = new TreeMap<>();
            for (String word : vocabulary) {
                columns.put(word, columns.size());
            }
            Matrix counts = Matrix.zeros(captions.size(), vocabulary.size());
            for (int row = 0; row < captions.size(); row++) {
                for (String word : split(captions.get(row))) {
                    Integer column = columns.get(word);
                    if (column != null) {
                        counts.values()[row * vocabulary.size() + column]++;
                    }
                }
            }
            return counts;
        }
    }
}
