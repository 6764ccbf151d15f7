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
import java.util.random.RandomGenerator;
import org.encore.evaluation.likelihood.Likelihood;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Played;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.WordTokenizer;
import org.encore.model.transformer.BatchShape;
import org.encore.model.transformer.Initialisation;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.ParameterLayout;
import org.encore.model.weights.ModelDirectory;
import org.encore.model.weights.SafetensorsWriter;
import org.encore.music.codec.NoteCodec;
import org.encore.music.corpus.CaptionedPiece;
import org.encore.music.corpus.Corpus;
import org.encore.music.files.AtomicFiles;
import org.encore.music.files.Manifest;
import org.encore.music.random.RandomStreams;
import org.encore.music.random.RandomStreams.Purpose;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.trainer.learning.DivergedException;
import org.encore.trainer.learning.Learner;
import org.encore.trainer.learning.LearnerFiles;
import org.encore.trainer.learning.NextCodeLoss;
import org.encore.trainer.runs.RunContext;
import org.encore.trainer.runs.RunRecorder;
import org.encore.trainer.runs.SampleFiles;
import org.encore.trainer.runs.TrainerState;

/** Trains a model from scratch. */
public final class Pretraining implements AutoCloseable {
    private static final String KIND = "pretraining";
    /** Captions that the vocabulary is counted on. */
    private static final int CAPTIONS_COUNTED = 20_000;

    private final PretrainSettings settings;
    private final RunContext run;
    private final RandomStreams streams;
    private final Shards shards;
    private final NoteCodec codec;
    private final Corpus corpus;
    private final TextTokenizer tokenizer;
    private final Workspaces workspaces;
    private final CodeBatcher batcher;
    private final Learner learner;
    private final List<CodeBatcher.Part> heldOut;

    /**
     * What came of a run.
     *
     * @param steps updates made, those before an interruption included
     * @param heldOutLoss loss on held-out pieces at the end, in nats a code
     * @param checkpoint the last checkpoint
     */
    public record Result(long steps, double heldOutLoss, Path checkpoint) {}

    /**
     * Prepares a run: opens the corpus, makes the vocabulary and the model.
     *
     * @param shards where it is computed; closed by the caller
     */
    public Pretraining(PretrainSettings settings, RunContext run, NoteCodec codec, Shards shards) throws IOException {
        this.settings = settings;
        this.run = run;
        this.streams = new RandomStreams(settings.seed());
        this.shards = shards;
        this.codec = codec;
        this.corpus = settings.corpus().open(settings.model().maxFrames());
        Path home = run.directory().path();
        List<String> words = vocabulary();
        this.tokenizer = words.isEmpty() ? TextTokenizer.none() : tokenizer(words, home);
        ModelConfig config = settings.model().config(codec.codebooks(), codec.cardinality(), words.size());
        MusicTransformer model = new MusicTransformer(shards.kernels(0), config);
        Initialisation.randomise(model, streams);
        DelayPattern pattern =
                new DelayPattern(codec.codebooks(), config.decoder().startToken());
        int steps = pattern.steps(settings.model().maxFrames());
        this.workspaces = new Workspaces(
                shards, config, new BatchShape(settings.compute().microBatch(), steps, tokenizer.capacity()));
        this.batcher = new CodeBatcher(pattern, tokenizer, steps);
        this.learner = new Learner(
                "model",
                new Replicas(shards, model),
                workspaces,
                new Learner.Settings(
                        settings.training().optimiser(),
                        settings.training().schedule(),
                        List.of(ParameterLayout.Part.values()),
                        settings.training().steps()));
        this.heldOut = batcher.cut(
                corpus.heldOut(settings.evaluation().pieces()).stream()
                        .map(this::sequence)
                        .toList(),
                settings.compute().microBatch());
    }

    private static TextTokenizer tokenizer(List<String> words, Path home) throws IOException {
        if (!Files.exists(home.resolve(TextTokenizer.FILE))) {
            WordTokenizer.write(words, home);
        }
        return TextTokenizer.load(home, TextTokenizer.MAX_TOKENS);
    }

    /** The words a new model knows; none if it reads no text. */
    private List<String> vocabulary() {
        if (settings.model().text().isEmpty()) {
            return List.of();
        }
        List<String> captions = new ArrayList<>();
        for (long i = 0; i < CAPTIONS_COUNTED; i++) {
            captions.add(corpus.trainPrompt(i).text());
        }
        return WordTokenizer.vocabulary(
                captions, settings.model().text().orElseThrow().vocabulary());
    }

    private CodeSequence sequence(CaptionedPiece piece) {
        return CodeSequence.of(codec.encode(piece.piece()), piece.prompt().text());
    }

    /** The model, for what is done with it after the run. */
    public MusicTransformer model() {
        return learner.model();
    }

    /** Trains to the last step, and writes checkpoints on the way. */
    public Result run() throws IOException {
        long step = restore();
        double loss = Double.NaN;
        int total = settings.training().steps();
        try (RunRecorder recorder = RunRecorder.open(run.directory(), step, run.clock())) {
            if (step == 0) {
                recorder.write(0, Map.of("loss/held_out", heldOutLoss()));
            }
            while (step < total) {
                step++;
                Map<String, Double> figures = step(step);
                if (isDue(step, settings.evaluation().every())) {
                    loss = heldOutLoss();
                    figures.put("loss/held_out", loss);
                }
                recorder.write(step, figures);
                run.progress().step(step, total, postfix(figures, loss));
                if (isDue(step, settings.evaluation().checkpointEvery())) {
                    save(step);
                }
            }
        }
        writeSamples(step);
        return new Result(
                step, Double.isNaN(loss) ? heldOutLoss() : loss, run.directory().checkpoint(step));
    }

    /** Plays the first held-out prompts. */
    private void writeSamples(long step) throws IOException {
        int count = settings.evaluation().samples();
        if (count == 0) {
            return;
        }
        Generator.Settings sizes = new Generator.Settings(
                (count + shards.count() - 1) / shards.count(),
                settings.model().maxFrames(),
                tokenizer.capacity(),
                SamplingSettings.defaults(),
                codec.endCode());
        List<Prompt> prompts = corpus.heldOutPrompts(count);
        List<Sample> samples = new ArrayList<>();
        try (ParallelGenerator generator = new ParallelGenerator(learner.replicas(), tokenizer, sizes)) {
            List<Played> played = generator.play(
                    prompts.stream().map(Prompt::text).toList(), i -> streams.stream(Purpose.EVALUATION, i));
            for (int i = 0; i < count; i++) {
                samples.add(Sample.of(prompts.get(i), codec.decode(played.get(i).codes())));
            }
        }
        new SampleFiles(run.directory(), step).write(samples);
    }

    private boolean isDue(long step, int every) {
        return step % every == 0 || step == settings.training().steps();
    }

    private static String postfix(Map<String, Double> figures, double heldOutLoss) {
        String heldOut = Double.isNaN(heldOutLoss) ? "" : String.format(Locale.ROOT, "held out %.3f, ", heldOutLoss);
        return String.format(
                Locale.ROOT,
                "loss %.3f, %s%.0f codes/s",
                figures.get("loss/train"),
                heldOut,
                figures.get("perf/codes_per_s"));
    }

    private Map<String, Double> step(long step) throws IOException {
        long start = run.clock().millis();
        List<CodeBatcher.Part> parts =
                batcher.cut(batch(step), settings.compute().microBatch());
        int codes = parts.stream().mapToInt(part -> part.batch().targetCount()).sum();
        double loss = learner.accumulate(parts, new NextCodeLoss(codes)).stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        Learner.Update update = update(step);
        double seconds = Math.max(run.clock().millis() - start, 1) / 1000.0;
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("loss/train", loss);
        figures.put("grad_norm", update.gradNorm());
        figures.put("lr", update.learningRate());
        figures.put("updates_skipped", update.skipped() ? 1.0 : 0.0);
        figures.put("perf/codes_per_s", codes / seconds);
        figures.put("timing_s/step", seconds);
        return figures;
    }

    private Learner.Update update(long step) throws IOException {
        try {
            return learner.update();
        } catch (DivergedException e) {
            throw e.at(step, run.directory().lastCheckpoint());
        }
    }

    /** The pieces of a step, composed in as many threads as there are shards. */
    private List<CodeSequence> batch(long step) {
        int size = settings.training().batch();
        CodeSequence[] sequences = new CodeSequence[size];
        shards.run(shard -> {
            for (int i = shard; i < size; i += shards.count()) {
                long index = (step - 1) * size + i;
                RandomGenerator dropout = streams.stream(Purpose.CONDITION_DROPOUT, index);
                CodeSequence sequence = sequence(corpus.train(index));
                boolean conditioned =
                        dropout.nextDouble() >= settings.training().conditionDropout();
                sequences[i] = new CodeSequence(sequence.codes(), sequence.prompt(), conditioned);
            }
            return null;
        });
        return List.of(sequences);
    }

    private double heldOutLoss() {
        return Likelihood.lossPerCode(learner.replicas(), workspaces, heldOut);
    }

    private void save(long step) throws IOException {
        AtomicFiles.writeDirectory(run.directory().checkpoint(step), directory -> {
            ObjectNode state = TrainerState.of(KIND, step);
            LearnerFiles.save(learner, directory, state);
            tokenizer.copyTo(directory);
            TrainerState.write(state, directory);
            Manifest.write(directory);
        });
    }

    private long restore() throws IOException {
        if (run.resumeFrom().isEmpty()) {
            return 0;
        }
        Path checkpoint = run.resumeFrom().get();
        Manifest.verify(checkpoint);
        JsonNode state = TrainerState.read(checkpoint, KIND);
        LearnerFiles.load(learner, checkpoint, state, checkpoint.resolve(TrainerState.FILE));
        return TrainerState.step(state);
    }

    /** What tells the data of this run from other data. */
    public Map<String, String> dataFingerprints() {
        return Map.of("corpus", corpus.fingerprint());
    }

    /**
     * Writes the trained model, without the optimiser and in half precision, with its card, to {@code model} in the run
     * directory.
     *
     * @param command what makes the model again
     * @return the directory
     */
    public Path export(Result result, String command) throws IOException {
        Path target = run.directory().path().resolve("model");
        String card =
                ModelCard.of(settings, model().parameters().layout().size(), corpus.fingerprint(), result, command);
        AtomicFiles.writeDirectory(target, directory -> {
            ModelDirectory.save(model(), directory, SafetensorsWriter.Format.F16);
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
