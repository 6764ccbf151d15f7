package org.encore.rewards.quality;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
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
import org.encore.model.learning.DivergedException;
import org.encore.rewards.features.AudioFeatureSettings;
import org.encore.rewards.features.AudioFeatures;
import org.encore.rewards.features.AudioInputs.WindowFeatures;
import org.encore.rewards.networks.Matrix;
import org.encore.rewards.quality.AudioQuality.Estimator;
import org.encore.rewards.quality.AudioQuality.Estimator.QualitySettings;
import org.encore.rewards.quality.AudioQuality.QualityReward;
import org.encore.rewards.quality.RatedClips.RatedClip;
import org.encore.rewards.trained.RewardKind.RewardTrainer;
import org.encore.rewards.trained.RewardKind.TrainedReward;
import org.encore.run.Progress;

/**
 * Trains an audio quality reward on the mean of three simulated ratings of each damaged étude, with the squared error
 * of the clip's score.
 *
 * <p>Ratings are of whole clips, so the error is that of the mean over the windows of a clip.
 */
public final class QualityTraining implements RewardTrainer {
    private static final int CHUNK = 64;

    private final Settings settings;
    private final Progress progress;
    private final AudioFeatures features;
    private final RandomStreams streams;
    private final Estimator estimator;
    private List<TrainingExample> examples = List.of();
    private int epoch = -1;
    private int[] order = {};

    /**
     * Settings of the training; all defaults are our choice.
     *
     * @param seed seed of clips, ratings, initial weights and order
     * @param clips number of training clips
     * @param epochs passes over all training clips
     * @param batch clips per update
     * @param learningRate initial learning rate of Adam; decays to 0 along a cosine
     * @param width units of the layers over patches; the other layers scale with it
     * @param inputDropout initial dropout rate on the inputs; decays linearly to 0, so that the last updates see clips
     *     as scoring does
     * @param checkpointEvery updates between two checkpoints
     */
    public record Settings(
            long seed,
            int clips,
            int epochs,
            int batch,
            double learningRate,
            int width,
            double inputDropout,
            int checkpointEvery) {
        public Settings {
            Checks.atLeast("clips", clips, 1);
            Checks.atLeast("epochs", epochs, 1);
            Checks.atLeast("batch", batch, 1);
            Checks.atLeast("width", width, 1);
            Checks.atLeast("checkpointEvery", checkpointEvery, 1);
            Checks.above("learningRate", learningRate, 0.0);
            Checks.rightOpenInterval("inputDropout", inputDropout, 0.0, 1.0);
        }

        /** The settings of the shipped estimator. */
        public static Settings defaults() {
            return new Settings(1, 20000, 8, 32, 0.001, 64, 0.2, 625);
        }
    }

    /** The windows of a clip and its mean rating. */
    private record TrainingExample(List<WindowFeatures> windows, double rating) {}

    /** Creates the network; {@link #prepare} renders the clips and reports it to {@code progress}. */
    public QualityTraining(Settings settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
        this.features = new AudioFeatures(AudioFeatureSettings.defaults());
        this.streams = new RandomStreams(settings.seed());
        this.estimator = new Estimator(QualitySettings.of(AudioFeatureSettings.defaults(), settings.width()));
        estimator.network().initialise(streams.stream(Purpose.INITIALISATION));
    }

    @Override
    public String kind() {
        return AudioQuality.NAME;
    }

    @Override
    public long steps() {
        return (long) settings.epochs() * updatesOfAnEpoch();
    }

    @Override
    public int checkpointEvery() {
        return settings.checkpointEvery();
    }

    /** Renders and rates the clips, which depend on the seed alone. */
    @Override
    public void prepare() {
        examples = examples();
    }

    @Override
    public void load(Path checkpoint, JsonNode state) throws IOException {
        estimator.network().restore(checkpoint, state);
    }

    @Override
    public void save(Path directory, ObjectNode state) throws IOException {
        estimator.network().save(directory, state);
    }

    @Override
    public String summary(Map<String, Double> metrics) {
        return String.format(Locale.ROOT, "squared error %.3f", metrics.get("loss/train"));
    }

    @Override
    public Map<String, Double> step(long number) {
        int update = (int) number - 1;
        int from = update % updatesOfAnEpoch() * settings.batch();
        shuffle(update / updatesOfAnEpoch());
        List<TrainingExample> batch = IntStream.range(from, Math.min(order.length, from + settings.batch()))
                .mapToObj(i -> examples.get(order[i]))
                .toList();
        double left = 1.0 - (double) update / steps();
        double rate = 0.5 * settings.learningRate() * (1.0 - Math.cos(Math.PI * left));
        double error = estimator.learn(
                batch.stream().map(TrainingExample::windows).toList(),
                batch.stream().mapToDouble(TrainingExample::rating).toArray(),
                new InputDropout(settings.inputDropout() * left, streams.stream(Purpose.DROPOUT, update)),
                rate);
        if (!Double.isFinite(error)) {
            throw new DivergedException("the squared error is " + error + "; lower learning.learningRate (now "
                    + settings.learningRate() + ")");
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss/train", error);
        metrics.put("lr", rate);
        return metrics;
    }

    /** Draws a new order for each epoch. */
    private void shuffle(int next) {
        if (next != epoch) {
            epoch = next;
            order = order(examples.size(), epoch);
        }
    }

    private int updatesOfAnEpoch() {
        return (settings.clips() + settings.batch() - 1) / settings.batch();
    }

    private List<TrainingExample> examples() {
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

    @Override
    public TrainedReward trained() {
        Map<String, Object> provenance = new LinkedHashMap<>();
        provenance.put("raters", "simulated: the score curve is the authors' choice, no human ratings");
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
     * Sets inputs to 0 at random and scales up the others, against overfitting.
     *
     * @param share share of the inputs set to 0, in [0, 1)
     * @param random source of the draws
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
