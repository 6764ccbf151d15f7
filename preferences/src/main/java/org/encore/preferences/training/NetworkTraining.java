package org.encore.preferences.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.Manifest;
import org.encore.base.random.RandomStreams;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.learning.DivergedException;
import org.encore.model.learning.Learner;
import org.encore.model.learning.LearnerFiles;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.Initialisation;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsWriter;
import org.encore.music.codec.SymbolicCodec;
import org.encore.preferences.comparisons.ComparisonSet;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.preferences.comparisons.PairLikelihood;
import org.encore.preferences.comparisons.PairMetrics;
import org.encore.preferences.training.Bundling.Bundle;
import org.encore.preferences.training.Bundling.BundleOrder;
import org.encore.preferences.training.LinearFit.HeadFit;
import org.encore.preferences.training.PreferenceLearner.Network;
import org.encore.rewards.preference.NetworkScores;
import org.encore.rewards.preference.PreferenceFile;

/** Trains a policy's trunk with a scalar head to score the preferred clip of each pair higher. */
public final class NetworkTraining implements AutoCloseable {
    private static final String STATE = "trainer_state.json";
    private static final String STEP = "step";

    private final Network settings;
    private final TrainingJournal journal;
    private final TextTokenizer tokenizer;
    private final CodeBatcher batcher;
    private final Learner learner;
    private final NetworkScores scores;
    private final PairLikelihood likelihood;
    private final BundleOrder order;
    private final Codes train;
    private final Codes heldOut;

    /** Votes with the codes of their clips. */
    private record Codes(ComparisonSet set, List<CodeSequence> clips) {}

    /**
     * What is learned from, and what it is measured on.
     *
     * @param train votes to learn from
     * @param heldOut votes on other clips
     */
    public record Votes(ComparisonSet train, ComparisonSet heldOut) {}

    /**
     * What came of a training.
     *
     * @param steps updates made, those before an interruption included
     * @param train figures on the votes it learned from
     * @param heldOut figures on held-out votes
     * @param scores of the held-out clips
     * @param checkpoint the last checkpoint, which is a preference model
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    public record Result(long steps, PairMetrics train, PairMetrics heldOut, double[] scores, Path checkpoint) {}

    /**
     * Prepares a training: reads the clips and loads the trunk.
     *
     * @param seed decides the order of the pairs
     * @param shards where it is computed; closed by the caller
     * @throws InvalidFileException if the checkpoint cannot be used, or its codec is of sound alone
     */
    public NetworkTraining(Network settings, long seed, Votes votes, TrainingJournal journal, Shards shards)
            throws IOException {
        this.settings = settings;
        this.journal = journal;
        CheckpointInfo checkpoint = CheckpointInfo.of(settings.checkpoint());
        SymbolicCodec codec = checkpoint.symbolicCodec();
        ModelConfig config = checkpoint.config().withHead(ModelConfig.Head.SCALAR);
        int frames = checkpoint.maxFrames();
        this.train = codes(votes.train(), codec, frames);
        this.heldOut = codes(votes.heldOut(), codec, frames);
        this.likelihood = PairLikelihood.of(votes.train().comparisons());
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

    private Codes codes(ComparisonSet set, SymbolicCodec codec, int frames) {
        return new Codes(
                set,
                set.clips().stream()
                        .map(clip -> settings.reading().read(clip.piece(), clip.prompt(), codec, frames))
                        .toList());
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

    /** Trains to the last step, and writes checkpoints on the way. */
    public Result run() throws IOException {
        long step = restore();
        if (step == 0) {
            HeadFit.fit(scores, train.clips(), train.set().comparisons());
        }
        int total = settings.training().steps();
        PairMetrics held = measured(heldOut);
        journal.begin(step);
        if (step == 0) {
            journal.record(0, metrics(held));
            save(0);
        }
        while (step < total) {
            step++;
            Map<String, Double> metrics = step(step);
            if (step % settings.every() == 0 || step == total) {
                held = measured(heldOut);
                metrics.putAll(metrics(held));
            }
            journal.record(step, metrics);
            journal.progress(step, total, postfix(metrics, held));
            if (step % settings.checkpointEvery() == 0 || step == total) {
                save(step);
            }
        }
        return new Result(step, measured(train), held, scores.of(heldOut.clips()), journal.checkpoint(step));
    }

    private Map<String, Double> step(long step) throws IOException {
        List<Bundle> batch = order.batch(step);
        PairLoss loss = new PairLoss(scores, likelihood, batch);
        List<PairLoss.Share> shares = learner.accumulate(microBatches(batch), loss);
        Learner.Update update = update(step);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(
                "loss/train", shares.stream().mapToDouble(PairLoss.Share::loss).sum());
        metrics.put(
                "rm/train_accuracy",
                shares.stream().mapToDouble(PairLoss.Share::right).sum() / Math.max(1, strict(batch)));
        metrics.put("grad_norm", update.gradNorm());
        metrics.put("lr", update.learningRate());
        metrics.put("updates_skipped", update.skipped() ? 1.0 : 0.0);
        return metrics;
    }

    private static int strict(List<Bundle> batch) {
        return (int) batch.stream()
                .flatMap(bundle -> bundle.votes().stream())
                .filter(Comparison::isStrict)
                .count();
    }

    private Learner.Update update(long step) throws IOException {
        try {
            return learner.update();
        } catch (DivergedException e) {
            throw e.at(step, journal.lastCheckpoint());
        }
    }

    /** A micro-batch for each bundle. */
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
        return PairMetrics.of(codes.set().comparisons(), scores.of(codes.clips()));
    }

    private static Map<String, Double> metrics(PairMetrics held) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("rm/accuracy", held.accuracy());
        metrics.put("rm/margin", held.margin());
        metrics.put("rm/log_loss", held.logLoss());
        metrics.put("rm/calibration_ece", held.calibrationError());
        return metrics;
    }

    private static String postfix(Map<String, Double> metrics, PairMetrics held) {
        return String.format(
                Locale.ROOT, "loss %.3f, held out %.1f %%", metrics.get("loss/train"), 100.0 * held.accuracy());
    }

    private void save(long step) throws IOException {
        AtomicFiles.writeDirectory(journal.checkpoint(step), directory -> {
            ObjectNode state = new ObjectMapper().createObjectNode().put(STEP, step);
            LearnerFiles.save(learner, directory, state);
            tokenizer.copyTo(directory);
            preferenceFile().write(directory);
            Files.write(directory.resolve(STATE), new ObjectMapper().writeValueAsBytes(state));
            Manifest.write(directory);
        });
    }

    private long restore() throws IOException {
        if (journal.resumeFrom().isEmpty()) {
            return 0;
        }
        Path checkpoint = journal.resumeFrom().get();
        Manifest.verify(checkpoint);
        Path file = checkpoint.resolve(STATE);
        JsonNode state = new ObjectMapper().readTree(Files.readAllBytes(file));
        LearnerFiles.load(learner, checkpoint, state, file);
        return state.path(STEP).asLong();
    }

    /**
     * Writes what a reward needs of the trained model, in half precision and with its card.
     *
     * @param target a directory
     * @param command what makes the model again
     */
    public void export(Path target, Result result, String command) throws IOException {
        Votes votes = new Votes(train.set(), heldOut.set());
        String card = PreferenceCard.of(settings, learner.model().config(), votes, result, command);
        AtomicFiles.writeDirectory(target, directory -> {
            ModelDirectory.save(learner.model(), directory, SafetensorsWriter.Format.F16);
            tokenizer.copyTo(directory);
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
}
