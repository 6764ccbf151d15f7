package org.encore.rewards.adherence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.settings.Checks;
import org.encore.model.learning.DivergedException;
import org.encore.music.audio.Synthesiser;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.etudes.Etudes;
import org.encore.music.etudes.Etudes.Etude;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.MeterKind;
import org.encore.music.text.Attributes.Mode;
import org.encore.music.text.Attributes.Style;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.music.text.Attributes.Texture;
import org.encore.music.text.CaptionWriter;
import org.encore.music.text.CaptionWriter.Wording;
import org.encore.music.text.Prompt;
import org.encore.music.text.Timbre;
import org.encore.rewards.adherence.AdherenceTraining.TrainingBatch.TrainingExample;
import org.encore.rewards.adherence.Towers.TowerSettings;
import org.encore.rewards.adherence.Towers.Words;
import org.encore.rewards.features.AudioFeatureSettings;
import org.encore.rewards.features.AudioFeatures;
import org.encore.rewards.features.AudioInputs.WindowFeatures;
import org.encore.rewards.networks.Matrix;
import org.encore.rewards.trained.RewardKind.RewardTrainer;
import org.encore.rewards.trained.RewardKind.TrainedReward;
import org.encore.run.Progress;

/**
 * Trains a text adherence reward on études, with the attributes they were composed to as labels; the referee's
 * analysers are not used.
 */
public final class AdherenceTraining implements RewardTrainer {
    /** Études per progress report. */
    private static final int EXTRACTED_AT_ONCE = 50;

    private static final int CAPTIONS_FOR_WORDS = 4000;
    private static final double MEAN_DECAY = 0.9;
    private static final double SQUARE_DECAY = 0.999;
    private static final String LOG_SCALE = "log_scale";
    private static final String GRADIENT_MEAN = "log_scale_first_moment";
    private static final String GRADIENT_SQUARE = "log_scale_second_moment";

    private final AdherenceLearning learning;
    private final Progress progress;
    private final RandomStreams streams;
    private final CaptionWriter captions = new CaptionWriter();
    private List<TrainingExample> examples = List.of();
    private Towers towers;
    private double logScale;
    private double gradientMean;
    private double gradientSquare;

    /** Creates the training; {@link #prepare} extracts the features and reports it to {@code progress}. */
    public AdherenceTraining(AdherenceLearning learning, Progress progress) {
        this.learning = learning;
        this.progress = progress;
        this.streams = new RandomStreams(learning.seed());
        this.logScale = Math.log(learning.scale());
    }

    @Override
    public String kind() {
        return TextAdherence.NAME;
    }

    @Override
    public long steps() {
        return learning.steps();
    }

    @Override
    public int checkpointEvery() {
        return learning.checkpointEvery();
    }

    /** Extracts the features of the études, which depend on the seed alone, and builds the vocabulary. */
    @Override
    public void prepare() {
        examples = examples();
        towers = new Towers(TowerSettings.of(learning.features(), words(examples)));
        towers.network().initialise(streams.stream(Purpose.INITIALISATION));
    }

    @Override
    public void load(Path checkpoint, JsonNode state) throws IOException {
        towers.network().restore(checkpoint, state);
        logScale = state.path(LOG_SCALE).asDouble();
        gradientMean = state.path(GRADIENT_MEAN).asDouble();
        gradientSquare = state.path(GRADIENT_SQUARE).asDouble();
    }

    @Override
    public void save(Path directory, ObjectNode state) throws IOException {
        towers.network().save(directory, state);
        state.put(LOG_SCALE, logScale).put(GRADIENT_MEAN, gradientMean).put(GRADIENT_SQUARE, gradientSquare);
    }

    @Override
    public String summary(Map<String, Double> metrics) {
        return String.format(Locale.ROOT, "loss %.3f", metrics.get("loss/train"));
    }

    @Override
    public TrainedReward trained() {
        return new TrainedReward(
                TextAdherence.NAME,
                "Does a clip sound as its caption says?",
                towers.settings(),
                provenance(),
                towers.network().weights());
    }

    private List<TrainingExample> examples() {
        Etudes etudes = new Etudes(learning.seed());
        AudioFeatures features = new AudioFeatures(learning.features());
        // At the rate of the features: half the cost of rendering, and the same features below 4 kHz.
        Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard()
                .withSampleRate(learning.features().timbre().sampleRate()));
        TrainingExample[] examples = new TrainingExample[learning.etudes()];
        for (int from = 0; from < examples.length; from += EXTRACTED_AT_ONCE) {
            int to = Math.min(examples.length, from + EXTRACTED_AT_ONCE);
            IntStream.range(from, to).parallel().forEach(i -> {
                Etude etude = etudes.train(i);
                examples[i] = new TrainingExample(etude.truth(), features.extract(synthesiser.render(etude.piece())));
            });
            progress.step("features", to, examples.length, "");
        }
        return Arrays.asList(examples);
    }

    private Words words(List<TrainingExample> examples) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < CAPTIONS_FOR_WORDS; i++) {
            Attributes truth = examples.get(i % examples.size()).truth();
            texts.add(captions.write(truth, Wording.TRAINING, streams.stream(Purpose.CAPTION, 0, i))
                    .text());
        }
        return Words.of(texts);
    }

    @Override
    public Map<String, Double> step(long number) {
        int step = (int) number - 1;
        RandomGenerator random = streams.stream(Purpose.DATA_ORDER, step);
        TrainingBatch batch = new TrainingBatch(captions, streams, step);
        for (int i = 0; i < learning.batch(); i++) {
            batch.add(examples.get(random.nextInt(examples.size())), random);
        }
        List<Matrix> outputs = towers.network().forward(towers.inputs(batch.windows(), batch.texts()));
        ContrastiveLoss loss = new ContrastiveLoss(outputs.get(0), outputs.get(1), batch.competes(), logScale);
        if (!Double.isFinite(loss.loss())) {
            throw new DivergedException("the loss is " + loss.loss() + "; lower learning.learningRate (now "
                    + learning.learningRate() + ")");
        }
        towers.network().backward(List.of(loss.byAudio(), loss.byText()));
        towers.network().update(learning.learningRate(step));
        updateScale(loss.byLogScale(), step);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss/train", loss.loss());
        metrics.put("lr", learning.learningRate(step));
        metrics.put("rm/scale", Math.exp(logScale));
        return metrics;
    }

    /** A step of Adam with the constants of {@link Network}. */
    private void updateScale(double gradient, int step) {
        gradientMean = MEAN_DECAY * gradientMean + (1.0 - MEAN_DECAY) * gradient;
        gradientSquare = SQUARE_DECAY * gradientSquare + (1.0 - SQUARE_DECAY) * gradient * gradient;
        double mean = gradientMean / (1.0 - Math.pow(MEAN_DECAY, step + 1));
        double square = gradientSquare / (1.0 - Math.pow(SQUARE_DECAY, step + 1));
        double moved = logScale - learning.learningRate(step) * mean / (Math.sqrt(square) + 1e-8);
        logScale = Math.min(Math.log(ContrastiveLoss.LARGEST_SCALE), Math.max(0.0, moved));
    }

    private Map<String, Object> provenance() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("corpus", new EtudeCorpus(learning.seed()).fingerprint());
        facts.put("etudes", learning.etudes());
        facts.put("steps", learning.steps());
        facts.put("batch", learning.batch());
        facts.put("seed", learning.seed());
        facts.put("learned_scale_of_cosines", String.format(Locale.ROOT, "%.2f", Math.exp(logScale)));
        return facts;
    }

    /**
     * Settings of the training.
     *
     * @param seed seed of études, initial weights and batches
     * @param features audio features that the reward reads
     * @param etudes number of études to train on
     * @param steps number of updates
     * @param batch clips per update
     * @param learningRate peak learning rate of Adam
     * @param warmupSteps updates in which the learning rate rises linearly; then it decays to 0 along a cosine
     * @param scale initial factor of the cosines (the inverse temperature), which is learned
     * @param checkpointEvery updates between two checkpoints
     */
    public record AdherenceLearning(
            long seed,
            AudioFeatureSettings features,
            int etudes,
            int steps,
            int batch,
            double learningRate,
            int warmupSteps,
            double scale,
            int checkpointEvery) {
        public AdherenceLearning {
            Checks.atLeast("etudes", etudes, 16);
            Checks.atLeast("steps", steps, 1);
            Checks.atLeast("batch", batch, 2);
            Checks.atLeast("warmupSteps", warmupSteps, 0);
            Checks.atLeast("checkpointEvery", checkpointEvery, 1);
            Checks.openInterval("learningRate", learningRate, 0.0, 1.0);
            Checks.within("scale", scale, 1.0, ContrastiveLoss.LARGEST_SCALE);
        }

        /** The settings of the shipped reward. */
        public static AdherenceLearning defaults() {
            return new AdherenceLearning(1, AudioFeatureSettings.defaults(), 6000, 2000, 96, 0.001, 50, 10.0, 500);
        }

        /** The learning rate of a step, the first being 0. */
        double learningRate(int step) {
            double rising = Math.min(1.0, (step + 1.0) / (warmupSteps + 1.0));
            return learningRate * rising * 0.5 * (1.0 + StrictMath.cos(Math.PI * step / steps));
        }
    }

    /** Windows with true captions, and for each caption and each of its aspects one that is wrong in that aspect. */
    static final class TrainingBatch {
        /** The features of a piece, and the attributes that it was composed to. */
        record TrainingExample(Attributes truth, WindowFeatures.Clip features) {}

        private final CaptionWriter captions;
        private final RandomStreams streams;
        private final long step;
        private final List<WindowFeatures> windows = new ArrayList<>();
        private final List<Attributes> truths = new ArrayList<>();
        private final List<Prompt> right = new ArrayList<>();
        private final List<Prompt> wrong = new ArrayList<>();

        TrainingBatch(CaptionWriter captions, RandomStreams streams, long step) {
            this.captions = captions;
            this.streams = streams;
            this.step = step;
        }

        /** Adds a random window of a piece with a caption that mentions some of its attributes. */
        void add(TrainingExample example, RandomGenerator random) {
            List<WindowFeatures> all = example.features().windows();
            windows.add(all.get(random.nextInt(all.size())));
            truths.add(example.truth());
            Prompt caption = captions.write(
                    example.truth(), Wording.TRAINING, streams.stream(Purpose.CAPTION, 1, step, right.size()));
            right.add(caption);
            for (Aspect aspect : caption.attributes().mentioned()) {
                Attributes contradiction = Contradiction.of(caption.attributes(), aspect, random);
                wrong.add(captions.writeAll(
                        contradiction, Wording.TRAINING, streams.stream(Purpose.CAPTION, 2, step, wrong.size())));
            }
        }

        /** The windows. */
        List<WindowFeatures> windows() {
            return windows;
        }

        /** A true caption for each window, in their order, then all wrong ones. */
        List<String> texts() {
            return prompts().stream().map(Prompt::text).toList();
        }

        private List<Prompt> prompts() {
            List<Prompt> prompts = new ArrayList<>(right);
            prompts.addAll(wrong);
            return prompts;
        }

        /**
         * Whether a caption is wrong for a window.
         *
         * @shape result {@code [windows][captions]}
         */
        boolean[][] competes() {
            List<Prompt> prompts = prompts();
            boolean[][] competes = new boolean[windows.size()][prompts.size()];
            for (int i = 0; i < windows.size(); i++) {
                for (int j = 0; j < prompts.size(); j++) {
                    competes[i][j] = !Contradiction.isTrue(prompts.get(j).attributes(), truths.get(i));
                }
            }
            return competes;
        }
    }

    /** Attributes that differ in one aspect, and whether a caption is true. */
    static final class Contradiction {
        private Contradiction() {}

        /**
         * Attributes with another value of one aspect, drawn uniformly; of several instruments, one is replaced by an
         * absent one.
         *
         * @param claimed mentions the aspect
         */
        static Attributes of(Attributes claimed, Aspect aspect, RandomGenerator random) {
            return switch (aspect) {
                case STYLE -> claimed.with(other(Style.values(), claimed.style().orElseThrow(), random));
                case INSTRUMENTS -> claimed.with(otherCast(claimed.instruments(), random));
                case TEMPO ->
                    claimed.with(other(TempoBand.values(), claimed.tempo().orElseThrow(), random));
                case MODE -> claimed.with(other(Mode.values(), claimed.mode().orElseThrow(), random));
                case TEXTURE ->
                    claimed.with(other(Texture.values(), claimed.texture().orElseThrow(), random));
                case DENSITY ->
                    claimed.with(other(Density.values(), claimed.density().orElseThrow(), random));
                case METER ->
                    claimed.with(other(MeterKind.values(), claimed.meter().orElseThrow(), random));
            };
        }

        private static <T extends Enum<T>> T other(T[] values, T value, RandomGenerator random) {
            List<T> others = Arrays.stream(values).filter(each -> each != value).toList();
            return others.get(random.nextInt(others.size()));
        }

        private static Set<Timbre> otherCast(Set<Timbre> cast, RandomGenerator random) {
            List<Timbre> absent = new ArrayList<>(EnumSet.complementOf(EnumSet.copyOf(cast)));
            Set<Timbre> other = EnumSet.copyOf(cast);
            other.remove(new ArrayList<>(cast).get(random.nextInt(cast.size())));
            other.add(absent.get(random.nextInt(absent.size())));
            return other;
        }

        /** Whether all attributes in {@code claimed} are true. */
        static boolean isTrue(Attributes claimed, Attributes truth) {
            return claimed.equals(truth.only(claimed.mentioned()));
        }
    }
}
