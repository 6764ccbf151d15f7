package org.encore.preferences.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.learning.Learner;
import org.encore.model.learning.Learner.Loss;
import org.encore.model.learning.LearnerFiles;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.NewMusicGen;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.Initialisation;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.AdapterFiles;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsWriter;
import org.encore.music.codec.AudioCodec;
import org.encore.preferences.comparisons.ComparisonSet;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.preferences.comparisons.PairMetrics;
import org.encore.preferences.training.Bundling.Bundle;
import org.encore.preferences.training.Bundling.BundleOrder;
import org.encore.preferences.training.LinearFit.HeadFit;
import org.encore.preferences.training.PreferenceLearner.Network;
import org.encore.rewards.preference.NetworkScores;
import org.encore.rewards.preference.PreferenceFile;
import org.encore.run.TrainerState;
import org.encore.run.Training;
import org.encore.run.TrainingLoop;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.statistics.BradleyTerry;

/** Trains a transformer with a scalar head to score the preferred clip of each pair higher. */
public final class NetworkTraining implements Training, AutoCloseable {
    private static final String KIND = "preference";

    /** Directory of a network of sound before its first step, in the run directory. */
    private static final String START = "start";

    private final Network settings;
    private final RunContext run;
    /** Where a network of sound gets its codec from; empty for notes. */
    private final Optional<Path> sound;

    private final TextTokenizer tokenizer;
    private final CodeBatcher batcher;
    private final Learner learner;
    private final NetworkScores scores;
    private final BradleyTerry likelihood;
    private final BundleOrder order;
    private final Codes train;
    private final Codes heldOut;

    /** The layout of a network of sound, which holds its codec; hashed once. */
    private Optional<LearnerFiles.Origin> origin = Optional.empty();

    /** Metrics on held-out votes, as last measured. */
    private PairMetrics held;

    /** Votes with the codes of their clips. */
    private record Codes(ComparisonSet set, List<CodeSequence> clips) {}

    /**
     * The data of a training.
     *
     * @param train training votes
     * @param heldOut votes on other clips and prompts
     */
    public record Votes(ComparisonSet train, ComparisonSet heldOut) {
        public Votes {
            train.requireApartFrom(heldOut);
        }
    }

    /**
     * The result of a training.
     *
     * @param steps number of updates, those before an interruption included
     * @param train metrics on the training votes
     * @param heldOut metrics on the held-out votes
     * @param scores scores of the held-out clips
     * @param checkpoint the last checkpoint, which is a preference model
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    public record Result(long steps, PairMetrics train, PairMetrics heldOut, double[] scores, Path checkpoint) {}

    /**
     * Creates a training: encodes the clips and loads the trunk.
     *
     * @param seed seed of the order of the pairs
     * @param shards the shards to compute on; closed by the caller
     * @throws InvalidFileException if the checkpoint cannot be used, or a clip has not what its codec encodes: notes or sound
     */
    public NetworkTraining(Network settings, long seed, Votes votes, RunContext run, Shards shards) throws IOException {
        this.settings = settings;
        this.run = run;
        CheckpointInfo checkpoint = CheckpointInfo.of(settings.checkpoint());
        this.sound = checkpoint.neuralCodec().map(unused -> settings.checkpoint());
        ModelConfig config = checkpoint.config().withHead(ModelConfig.Head.SCALAR);
        int frames = checkpoint.maxFrames();
        try (AudioCodec codec = checkpoint.openCodec(shards)) {
            this.train = codes(votes.train(), codec, frames);
            this.heldOut = codes(votes.heldOut(), codec, frames);
        }
        this.likelihood = votes.train().likelihood();
        this.order = new BundleOrder(
                new RandomStreams(seed),
                Bundling.of(votes.train().comparisons(), settings.compute().microBatch(), frames(train.clips())),
                settings.training().batch());
        this.tokenizer = checkpoint.tokenizer();
        DelayPattern pattern = checkpoint.pattern();
        int steps = pattern.steps(longest(frames));
        this.batcher = new CodeBatcher(pattern, tokenizer, steps);
        Workspaces workspaces = new Workspaces(
                shards, config, new BatchShape(settings.compute().microBatch(), steps, tokenizer.capacity()));
        MusicTransformer model = new MusicTransformer(shards.kernels(0), config);
        PreferenceLearner.Training t = settings.training();
        switch (t.start()) {
            case POLICY -> ModelDirectory.loadTrunk(settings.checkpoint(), model);
            case SCRATCH -> Initialisation.randomise(model, new RandomStreams(seed));
        }
        this.learner = new Learner(
                "preference model",
                new Replicas(shards, model),
                workspaces,
                new Learner.Settings(t.optimiser(), t.schedule(), t.trained(), t.steps()));
        this.scores = new NetworkScores(learner.replicas(), workspaces, batcher, settings.pooling());
    }

    private Codes codes(ComparisonSet set, AudioCodec codec, int frames) {
        List<CodeSequence> clips = new ArrayList<>();
        for (ComparisonSet.Clip clip : set.clips()) {
            clips.add(settings.reading().read(clip, clip.prompt(), codec, frames));
            if (sound.isPresent()) {
                run.progress().step("encoding", clips.size(), set.clips().size(), "clips");
            }
        }
        return new Codes(set, clips);
    }

    private static int[] frames(List<CodeSequence> clips) {
        return clips.stream().mapToInt(clip -> clip.codes()[0].length).toArray();
    }

    private int longest(int most) {
        return Math.min(
                most,
                IntStream.concat(IntStream.of(frames(train.clips())), IntStream.of(frames(heldOut.clips())))
                        .max()
                        .orElse(1));
    }

    /** Trains to the last step. */
    public Result run() throws IOException {
        long step = new TrainingLoop("preference", this, run).run();
        return new Result(
                step,
                measured(train),
                held,
                scores.of(heldOut.clips()),
                run.directory().checkpoint(step));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public long steps() {
        return settings.training().steps();
    }

    @Override
    public int checkpointEvery() {
        return settings.checkpointEvery();
    }

    @Override
    public boolean hasInitialCheckpoint() {
        return true;
    }

    /** Fits the head to the frozen trunk before the first update, and measures. */
    @Override
    public Map<String, Double> begin(long step) {
        if (step == 0) {
            HeadFit.fit(scores, train.clips(), train.set().comparisons());
        }
        held = measured(heldOut);
        return metrics(held);
    }

    @Override
    public Map<String, Double> step(long step) {
        List<Bundle> batch = order.batch(step);
        PairLoss loss = new PairLoss(scores, likelihood, batch);
        List<PairLoss.Share> shares = learner.accumulate(microBatches(batch), loss);
        Learner.Update update = learner.update();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(
                "loss/train", shares.stream().mapToDouble(PairLoss.Share::loss).sum());
        metrics.put(
                "rm/train_accuracy",
                shares.stream().mapToDouble(PairLoss.Share::right).sum() / Math.max(1, strict(batch)));
        metrics.put("grad_norm", update.gradNorm());
        metrics.put("lr", update.learningRate());
        metrics.put("updates_skipped", update.skipped() ? 1.0 : 0.0);
        if (step % settings.every() == 0 || step == steps()) {
            held = measured(heldOut);
            metrics.putAll(metrics(held));
        }
        return metrics;
    }

    private static int strict(List<Bundle> batch) {
        return (int) batch.stream()
                .flatMap(bundle -> bundle.votes().stream())
                .filter(Comparison::isStrict)
                .count();
    }

    /** One micro-batch per bundle. */
    private List<CodeBatcher.MicroBatch> microBatches(List<Bundle> batch) {
        List<CodeSequence> sequences = new ArrayList<>();
        batch.forEach(bundle ->
                bundle.clips().forEach(clip -> sequences.add(train.clips().get(clip))));
        List<CodeBatcher.MicroBatch> microBatches = new ArrayList<>();
        int first = 0;
        for (Bundle bundle : batch) {
            int end = first + bundle.clips().size();
            microBatches.add(
                    batcher.microBatch(sequences, IntStream.range(first, end).toArray()));
            first = end;
        }
        return microBatches;
    }

    private PairMetrics measured(Codes codes) {
        return PairMetrics.of(codes.set(), scores.of(codes.clips()));
    }

    private static Map<String, Double> metrics(PairMetrics held) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("rm/accuracy", held.accuracy().value());
        metrics.put("rm/margin", held.margin());
        metrics.put("rm/log_loss", held.logLoss());
        metrics.put("rm/calibration_ece", held.calibrationError());
        return metrics;
    }

    @Override
    public String summary(Map<String, Double> metrics) {
        return String.format(
                Locale.ROOT,
                "loss %.3f, held out %.1f %%",
                metrics.get("loss/train"),
                100.0 * held.accuracy().value());
    }

    @Override
    public void save(Path directory, ObjectNode state) throws IOException {
        LearnerFiles.save(learner, origin(), directory, state);
        tokenizer.copyTo(directory);
        preferenceFile().write(directory);
    }

    /** Written with the first checkpoint. */
    private Optional<LearnerFiles.Origin> origin() throws IOException {
        if (sound.isPresent() && origin.isEmpty()) {
            Path start = run.directory().path().resolve(START);
            if (!Files.isDirectory(start)) {
                withCodec().write(start);
            }
            origin = Optional.of(LearnerFiles.Origin.of(start));
        }
        return origin;
    }

    private NewMusicGen withCodec() throws IOException {
        return new NewMusicGen(learner.model(), tokenizer::copyTo, AdapterFiles.base(sound.orElseThrow()));
    }

    @Override
    public void load(Path checkpoint, JsonNode state) throws IOException {
        LearnerFiles.load(learner, checkpoint, state, checkpoint.resolve(TrainerState.FILE));
    }

    /**
     * Exports the trained model for use as a reward, in half precision and with its card.
     *
     * @param target the directory to write
     * @param command command that reproduces the model
     */
    public void export(Path target, Result result, String command) throws IOException {
        Votes votes = new Votes(train.set(), heldOut.set());
        String card = PreferenceCard.of(settings, learner.model().config(), votes, result, command);
        AtomicFiles.writeDirectory(target, directory -> {
            if (sound.isPresent()) {
                withCodec().writeInto(directory, SafetensorsWriter.Format.F16);
            } else {
                ModelDirectory.save(learner.model(), directory, SafetensorsWriter.Format.F16);
                tokenizer.copyTo(directory);
            }
            preferenceFile().write(directory);
            Files.writeString(directory.resolve("README.md"), card);
        });
    }

    private PreferenceFile preferenceFile() {
        return new PreferenceFile(
                PreferenceFile.Kind.NETWORK, settings.pooling(), settings.reading(), likelihood.tie());
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /**
     * Mean loss of the votes of a batch; the clips of a bundle make one micro-batch.
     *
     * @param scores computes scores from a forward pass
     * @param likelihood likelihood of votes
     * @param batch the bundles of the whole batch, whose clips are the sequences of the batch in this order
     */
    record PairLoss(NetworkScores scores, BradleyTerry likelihood, List<Bundle> batch) implements Loss<PairLoss.Share> {
        PairLoss {
            batch = List.copyOf(batch);
        }

        /**
         * The part of a micro-batch.
         *
         * @param loss its part of the mean over the batch
         * @param right number of strict votes whose preferred clip has the higher score
         */
        record Share(double loss, double right) {}

        @Override
        public Share gradient(
                int shard, CodeBatcher.MicroBatch microBatch, MusicTransformer model, Activations activations) {
            double[] pooled = scores.pooled(microBatch, model, activations);
            double[] byScore = new double[pooled.length];
            double loss = 0.0;
            double right = 0.0;
            for (Comparison vote : bundleFrom(microBatch.members()[0]).votes()) {
                double margin = pooled[vote.a()] - pooled[vote.b()];
                double slope = likelihood.gradient(margin, vote.outcome()) / votes();
                loss += likelihood.loss(margin, vote.outcome()) / votes();
                right += margin * vote.outcome() > 0.0 ? 1.0 : 0.0;
                byScore[vote.a()] += slope;
                byScore[vote.b()] -= slope;
            }
            scores.writeGradient(byScore, microBatch, model, activations);
            return new Share(loss, right);
        }

        private int votes() {
            return batch.stream().mapToInt(bundle -> bundle.votes().size()).sum();
        }

        /** The bundle whose first clip is the sequence with this number. */
        private Bundle bundleFrom(int sequence) {
            int first = 0;
            for (Bundle bundle : batch) {
                if (first == sequence) {
                    return bundle;
                }
                first += bundle.clips().size();
            }
            throw new IllegalArgumentException("no bundle begins at sequence " + sequence);
        }
    }
}
