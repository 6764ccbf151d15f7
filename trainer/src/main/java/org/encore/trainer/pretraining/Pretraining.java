package org.encore.trainer.pretraining;

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
import java.util.random.RandomGenerator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.AtomicFiles;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.evaluation.likelihood.Likelihood;
import org.encore.evaluation.policy.SampleFiles;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.decoding.FrozenText;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.kernels.Dropout;
import org.encore.model.learning.Learner;
import org.encore.model.learning.LearnerFiles;
import org.encore.model.learning.NextCodeLoss;
import org.encore.model.memory.MemoryBudget.MemoryLimits;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.Activations.TextEncoding;
import org.encore.model.transformer.LoraSettings;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.weights.AdapterFiles;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsWriter;
import org.encore.music.codec.AudioCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.run.TrainerState;
import org.encore.run.Training;
import org.encore.run.TrainingLoop;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.trainer.pretraining.BestWeights.HeldOutPieces;

/** Pretrains a model on a corpus, from scratch or from a checkpoint. */
public final class Pretraining implements Training, AutoCloseable {
    private static final Logger LOGGER = LogManager.getLogger(Pretraining.class);
    private static final String KIND = "pretraining";
    private static final String HELD_OUT = "loss/held_out";

    private final PretrainSettings settings;
    private final RunContext run;
    private final RandomStreams streams;
    private final Shards shards;
    private final AudioCodec codec;
    private final StartingPoint start;
    private final Optional<LearnerFiles.Origin> origin;
    private final Corpus corpus;
    private final CodeSource items;
    private final TextTokenizer tokenizer;
    private final Workspaces workspaces;
    private final CodeBatcher batcher;
    private final Learner learner;
    private final NextCodeLoss loss;
    private final HeldOutPieces heldOut;
    private final int frames;
    private final BestWeights best;

    /** The last held-out loss of this process; NaN before the first. */
    private double heldOutLoss = Double.NaN;

    /**
     * The result of a run.
     *
     * @param steps number of updates, counted from the start of the run
     * @param keptStep the step of the exported weights: the last, or the best
     * @param heldOut loss of these weights on held-out pieces, in nats
     * @param test loss on the test pieces of the corpus; empty if it has none
     * @param checkpoint the last checkpoint
     */
    public record Result(
            long steps, long keptStep, Likelihood.Sums heldOut, Optional<Likelihood.Sums> test, Path checkpoint) {
        /** Held-out loss in nats per code. */
        public double heldOutLoss() {
            return heldOut.perCode();
        }
    }

    /**
     * Prepares a run: opens the corpus, creates the vocabulary and the model.
     *
     * @param base path of the initial model; empty for a new one
     * @param codec of the corpus, or of the initial model
     * @param shards shards of the run; closed by the caller
     */
    public Pretraining(PretrainSettings settings, Optional<Path> base, RunContext run, AudioCodec codec, Shards shards)
            throws IOException {
        this.settings = settings;
        this.run = run;
        this.streams = new RandomStreams(settings.seed());
        this.shards = shards;
        this.codec = codec;
        this.start = StartingPoint.of(settings, base, codec, run.directory().path());
        PretrainMemory memory = new PretrainMemory(settings, start.known(), Optional.of(codec));
        ActivationCheckpointing storage = memory.storage(MemoryLimits.ofThisMachine());
        LOGGER.info("{}", memory.plan(storage).describe());
        this.corpus = settings.corpus().open(codec, start.maxFrames());
        this.items = settings.corpus().codes(corpus, codec, start.maxFrames(), run.progress());
        items.prepare();
        StartingPoint.Beginning beginning = start.begin(corpus, run.directory().path(), shards.kernels(0), streams);
        this.origin = start.base().isPresent()
                ? Optional.of(LearnerFiles.Origin.of(start.base().get()))
                : Optional.empty();
        MusicTransformer model = beginning.model();
        this.tokenizer = beginning.tokenizer();
        ModelConfig config = model.config();
        DelayPattern pattern = DelayPattern.of(config.decoder());
        this.frames = settings.corpus().frames(codec, start.maxFrames());
        int steps = pattern.steps(frames);
        TextEncoding encoding = memory.textEncoding(config);
        this.workspaces = new Workspaces(
                shards,
                config,
                new BatchShape(settings.compute().microBatch(), steps, tokenizer.capacity()),
                storage,
                encoding);
        this.batcher = new CodeBatcher(
                pattern,
                tokenizer,
                steps,
                encoding == TextEncoding.GIVEN ? Optional.of(new FrozenText(model, tokenizer)) : Optional.empty());
        this.learner = new Learner(
                "model",
                new Replicas(shards, model),
                workspaces,
                new Learner.Settings(
                        settings.training().optimiser(),
                        settings.training().schedule(),
                        List.of(ParameterLayout.Part.values()),
                        settings.training().steps()));
        learner.optimiser().reserve();
        this.loss = new NextCodeLoss(learner.replicas().shards().count());
        this.heldOut = batched(items.heldOut(settings.evaluation().pieces()));
        this.best = new BestWeights(run.directory(), settings.evaluation().patience());
    }

    private HeldOutPieces batched(List<CodeSequence> pieces) {
        return new HeldOutPieces(
                pieces, items.uncountedCode(), batcher, settings.compute().microBatch());
    }

    /** The model. */
    public MusicTransformer model() {
        return learner.model();
    }

    /** Trains to the last step, or until early stopping. */
    public Result run() throws IOException {
        return conclude(new TrainingLoop("pretraining", this, run).run());
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
        return settings.evaluation().checkpointEvery();
    }

    @Override
    public boolean isFinished() {
        return best.isExhausted();
    }

    @Override
    public Map<String, Double> begin(long step) {
        return step == 0 ? heldOutMetrics() : Map.of();
    }

    private Result conclude(long step) throws IOException {
        best.restoreInto(model());
        HeldOutPieces test = batched(items.test(settings.evaluation().pieces()));
        Result result = new Result(
                step,
                best.stepOr(step),
                Likelihood.Sums.of(heldOut.measure(learner.replicas(), workspaces)),
                test.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Likelihood.Sums.of(test.measure(learner.replicas(), workspaces))),
                run.directory().checkpoint(step));
        writeSamples(result.keptStep());
        return result;
    }

    /** Generates completions of the first held-out prompts. */
    private void writeSamples(long step) throws IOException {
        int count = settings.evaluation().samples();
        if (count == 0) {
            return;
        }
        Generator.Settings sizes = new Generator.Settings(
                (count + shards.count() - 1) / shards.count(),
                frames,
                tokenizer.capacity(),
                SamplingSettings.defaults(),
                codec.endCode());
        List<Prompt> prompts = corpus.heldOutPrompts(count);
        List<Sample> samples = new ArrayList<>();
        try (ParallelGenerator generator = new ParallelGenerator(learner.replicas(), tokenizer, sizes)) {
            List<Completion> completions = generator.generate(
                    prompts.stream().map(Prompt::text).toList(), i -> streams.stream(Purpose.EVALUATION, i));
            for (int i = 0; i < prompts.size(); i++) {
                samples.add(Sample.of(
                        prompts.get(i), codec.decode(completions.get(i).codes())));
            }
        }
        new SampleFiles(run.directory(), step, settings.evaluation().loudness()).write(samples);
    }

    @Override
    public String summary(Map<String, Double> metrics) {
        String heldOut = Double.isNaN(heldOutLoss) ? "" : String.format(Locale.ROOT, "held out %.3f, ", heldOutLoss);
        return String.format(
                Locale.ROOT,
                "loss %.3f, %s%.0f codes/s",
                metrics.get("loss/train"),
                heldOut,
                metrics.get("perf/codes_per_s"));
    }

    @Override
    public Map<String, Double> step(long step) throws IOException {
        long start = run.clock().millis();
        List<CodeBatcher.MicroBatch> microBatches = batcher.cut(
                batch(step),
                settings.compute().microBatchFor(settings.training().batch()));
        int codes = microBatches.stream()
                .mapToInt(each -> each.batch().targetCount())
                .sum();
        learner.add(dropped(microBatches, step), loss.begin(codes));
        Learner.Update update = learner.update();
        double seconds = Math.max(run.clock().millis() - start, 1) / 1000.0;
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss/train", loss.value());
        metrics.put("grad_norm", update.gradNorm());
        metrics.put("lr", update.learningRate());
        metrics.put("updates_skipped", update.skipped() ? 1.0 : 0.0);
        metrics.put("perf/codes_per_s", codes / seconds);
        metrics.put("timing_s/step", seconds);
        if (step % settings.evaluation().every() == 0 || step == steps()) {
            metrics.putAll(heldOutMetrics());
            best.measured(step, heldOutLoss, model());
        }
        return metrics;
    }

    /** The micro-batches of a step, each with its own dropout masks, which depend on nothing else. */
    private List<CodeBatcher.MicroBatch> dropped(List<CodeBatcher.MicroBatch> microBatches, long step) {
        double rate = settings.training().dropout();
        double ofAdapters =
                settings.training().lora().map(LoraSettings::dropout).orElse(0.0);
        List<CodeBatcher.MicroBatch> dropped = new ArrayList<>();
        for (int j = 0; j < microBatches.size(); j++) {
            RandomGenerator seeds = streams.stream(Purpose.DROPOUT, step, j);
            Dropout states = new Dropout(rate, seeds.nextLong());
            dropped.add(microBatches.get(j).with(states, new Dropout(ofAdapters, seeds.nextLong())));
        }
        return dropped;
    }

    /** The pieces of a step, created on all shards in parallel. */
    private List<CodeSequence> batch(long step) {
        int size = settings.training().batch();
        CodeSequence[] sequences = new CodeSequence[size];
        shards.run(shard -> {
            for (int i = shard; i < size; i += shards.count()) {
                long index = (step - 1) * size + i;
                RandomGenerator dropout = streams.stream(Purpose.CONDITION_DROPOUT, index);
                CodeSequence sequence = items.train(index);
                boolean conditioned =
                        dropout.nextDouble() >= settings.training().conditionDropout();
                sequences[i] = new CodeSequence(sequence.codes(), sequence.prompt(), conditioned);
            }
            return null;
        });
        return List.of(sequences);
    }

    /** The held-out loss; of several codebooks that of each, too. */
    private Map<String, Double> heldOutMetrics() {
        List<Likelihood.Sums> byCodebook = heldOut.measure(learner.replicas(), workspaces);
        heldOutLoss = Likelihood.Sums.of(byCodebook).perCode();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(HELD_OUT, heldOutLoss);
        for (int k = 0; byCodebook.size() > 1 && k < byCodebook.size(); k++) {
            metrics.put(HELD_OUT + "/codebook-" + k, byCodebook.get(k).perCode());
        }
        return metrics;
    }

    @Override
    public void save(Path directory, ObjectNode state) throws IOException {
        LearnerFiles.save(learner, origin, directory, state);
        tokenizer.copyTo(directory);
        best.write(state);
    }

    @Override
    public void load(Path checkpoint, JsonNode state) throws IOException {
        LearnerFiles.load(learner, checkpoint, state, checkpoint.resolve(TrainerState.FILE));
        best.read(state);
    }

    /** SHA-256 of the corpus and of the initial model. */
    public Map<String, String> dataFingerprints() throws IOException {
        Map<String, String> fingerprints = new LinkedHashMap<>();
        fingerprints.put("corpus", corpus.fingerprint());
        origin.ifPresent(
                base -> fingerprints.put(settings.checkpoint().isPresent() ? "checkpoint" : "start", base.sha256()));
        return fingerprints;
    }

    /**
     * Writes the trained model, without the optimiser, with its card, to {@code model} in the run directory: in half
     * precision, or as the checkpoint of the reference implementation that it was loaded from; of a run with adapters, those.
     *
     * @param command the command that reproduces the model
     * @return the directory
     */
    public Path export(Result result, String command) throws IOException {
        Path target = run.directory().path().resolve("model");
        Optional<Path> layout = Optional.empty();
        if (start.base().isPresent()) {
            Path base = AdapterFiles.base(start.base().get());
            layout = ModelDirectory.isReference(base) ? Optional.of(base) : layout;
        }
        String weights = "Weights are stored in half precision; the loss was measured before rounding.";
        if (settings.training().lora().isPresent()) {
            weights = "Weights of the adapters are stored in 32 bits.";
        } else if (layout.isPresent()) {
            weights = settings.checkpoint().isPresent()
                    ? "Weights have the names, shapes and types of `" + layout.get() + "`."
                    : "This is a MusicGen directory with its codec; weights are stored in 32 bits.";
        }
        String card = ModelCard.of(settings, model().config(), corpus.fingerprint(), result, command, weights);
        Optional<Path> reference = layout;
        AtomicFiles.writeDirectory(target, directory -> {
            if (settings.training().lora().isPresent()) {
                LearnerFiles.Origin base = origin.orElseThrow();
                AdapterFiles.save(model(), base.path(), base.sha256(), directory);
            } else if (reference.isPresent()) {
                ModelDirectory.saveAs(model(), reference.get(), directory);
            } else {
                ModelDirectory.save(model(), directory, SafetensorsWriter.Format.F16);
            }
            tokenizer.copyTo(directory);
            Files.writeString(directory.resolve("README.md"), card);
        });
        return target;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
