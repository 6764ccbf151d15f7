package org.encore.rewards.quality;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.random.Shuffle;
import org.encore.base.settings.Checks;
import org.encore.rewards.features.AudioFeatureSettings;
import org.encore.rewards.features.AudioFeatures;
import org.encore.rewards.features.AudioInputs.WindowFeatures;
import org.encore.rewards.networks.Matrix;
import org.encore.rewards.quality.AudioQuality.QualityReward;
import org.encore.rewards.quality.Estimator.QualitySettings;
import org.encore.rewards.quality.RatedClips.RatedClip;
import org.encore.rewards.trained.RewardKind.TrainedReward;
import org.encore.run.Progress;

/**
 * Teaches an estimator the mean of three ratings of damaged études, by the squared error of what a clip would score.
 *
 * <p>Nobody rates windows: what each is worth is found out by the mean of two.
 */
public final class QualityTraining {
    private static final int CHUNK = 64;

    private final Settings settings;
    private final AudioFeatures features;
    private final RandomStreams streams;

    /**
     * Knobs of the training; all are our choice.
     *
     * @param seed decides clips, ratings, first weights and order
     * @param clips how many clips are rendered, at least 1; each is seen once an epoch
     * @param epochs how often all are seen, at least 1
     * @param batch clips an update, at least 1
     * @param learningRate of Adam at the beginning, above 0; falls to 0 along a cosine
     * @param width of the layers over patches, at least 1
     * @param inputDropout share of the inputs that is silenced at the beginning, in [0, 1); falls to 0 in a straight line, so
     *     that the last updates see clips as scoring will
     */
    public record Settings(
            long seed, int clips, int epochs, int batch, double learningRate, int width, double inputDropout) {
        public Settings {
            Checks.atLeast("clips", clips, 1);
            Checks.atLeast("epochs", epochs, 1);
            Checks.atLeast("batch", batch, 1);
            Checks.atLeast("width", width, 1);
            Checks.above("learningRate", learningRate, 0.0);
            Checks.rightOpenInterval("inputDropout", inputDropout, 0.0, 1.0);
        }

        /** What the shipped estimator was trained with. */
        public static Settings defaults() {
            return new Settings(1, 20000, 8, 32, 0.001, 64, 0.2);
        }
    }

    /** The windows of a clip and what it was rated. */
    private record TrainingExample(List<WindowFeatures> windows, double rating) {}

    public QualityTraining(Settings settings) {
        this.settings = settings;
        this.features = new AudioFeatures(AudioFeatureSettings.defaults());
        this.streams = new RandomStreams(settings.seed());
    }

    /** Renders, rates and learns; the same settings give the same weights on one machine. */
    public TrainedReward run(Progress progress) {
        long updates = (long) settings.epochs() * updatesOfAnEpoch();
        List<TrainingExample> examples = examples(progress);
        Estimator estimator = new Estimator(QualitySettings.of(AudioFeatureSettings.defaults(), settings.width()));
        estimator.network().initialise(streams.stream(Purpose.INITIALISATION));
        int update = 0;
        double error = Double.NaN;
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            int[] order = order(examples.size(), epoch);
            for (int from = 0; from < order.length; from += settings.batch()) {
                List<TrainingExample> batch = IntStream.range(from, Math.min(order.length, from + settings.batch()))
                        .mapToObj(i -> examples.get(order[i]))
                        .toList();
                double now = learn(estimator, batch, update, 1.0 - (double) update / updates);
                error = Double.isNaN(error) ? now : 0.95 * error + 0.05 * now;
                update++;
                progress.step("learning", update, updates, String.format(Locale.ROOT, "squared error %.3f", error));
            }
        }
        return trained(estimator);
    }

    private double learn(Estimator estimator, List<TrainingExample> batch, int update, double left) {
        double rate = 0.5 * settings.learningRate() * (1.0 - Math.cos(Math.PI * left));
        double share = settings.inputDropout() * left;
        return estimator.learn(
                batch.stream().map(TrainingExample::windows).toList(),
                batch.stream().mapToDouble(TrainingExample::rating).toArray(),
                new InputDropout(share, streams.stream(Purpose.DROPOUT, update)),
                rate);
    }

    private int updatesOfAnEpoch() {
        return (settings.clips() + settings.batch() - 1) / settings.batch();
    }

    private List<TrainingExample> examples(Progress progress) {
        RatedClips clips = new RatedClips(settings.seed(), RatedClips.SAMPLE_RATE);
        List<TrainingExample> examples = new ArrayList<>();
        for (int from = 0; from < settings.clips(); from += CHUNK) {
            int end = Math.min(settings.clips(), from + CHUNK);
            examples.addAll(IntStream.range(from, end)
                    .parallel()
                    .mapToObj(clips::train)
                    .map(this::example)
                    .toList());
            progress.step("features", end, settings.clips(), "");
        }
        return examples;
    }

    private TrainingExample example(RatedClip clip) {
        List<WindowFeatures> windows = QualityReward.firstAndLast(features.extract(clip.sound()));
        return new TrainingExample(windows, clip.rating().meanRating());
    }

    private int[] order(int count, int epoch) {
        int[] order = IntStream.range(0, count).toArray();
        Shuffle.inPlace(order, streams.stream(Purpose.DATA_ORDER, epoch));
        return order;
    }

    private TrainedReward trained(Estimator estimator) {
        Map<String, Object> provenance = new LinkedHashMap<>();
        provenance.put("raters", "simulated: the curve of opinions is the authors' choice, nobody listened");
        provenance.put("corpus", "études of seed " + settings.seed() + ", damaged");
        provenance.put("clips", settings.clips());
        provenance.put("epochs", settings.epochs());
        provenance.put("clips_an_update", settings.batch());
        provenance.put("learning_rate", settings.learningRate());
        provenance.put("input_dropout", settings.inputDropout());
        provenance.put("seed", settings.seed());
        return new TrainedReward(
                AudioQuality.NAME,
                "An estimator of the mean opinion score",
                estimator.settings(),
                provenance,
                estimator.network().weights());
    }

    /**
     * Silences inputs at random and makes up for it with the others, so that an estimator cannot learn clips by heart.
     *
     * @param share of the inputs that is silenced, in [0, 1)
     * @param random decides which
     * @paper Srivastava et al. 2014, Dropout, section 10: on the inputs
     */
    record InputDropout(double share, RandomGenerator random) {
        /** Changes a matrix in place. */
        void apply(Matrix matrix) {
            if (share == 0.0) {
                return;
            }
            float[] values = matrix.values();
            float factor = (float) (1.0 / (1.0 - share));
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextDouble() < share ? 0.0f : factor * values[i];
            }
        }
    }
}
