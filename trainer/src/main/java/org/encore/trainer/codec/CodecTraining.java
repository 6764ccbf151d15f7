package org.encore.trainer.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.evaluation.codec.CodecEvaluation;
import org.encore.evaluation.codec.SoundDistances;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.encodec.EncodecParameters;
import org.encore.model.encodec.training.CodebookLearning;
import org.encore.model.encodec.training.CodecDirectory;
import org.encore.model.encodec.training.CodecDirectory.Form;
import org.encore.model.encodec.training.CodecInitialisation;
import org.encore.model.encodec.training.CodecLoss.Terms;
import org.encore.model.encodec.training.CodecPass;
import org.encore.model.kernels.Kernels;
import org.encore.model.parallel.Shards;
import org.encore.model.weights.ModelDirectory;
import org.encore.music.audio.Waveform;
import org.encore.music.corpus.Split;
import org.encore.run.Training;
import org.encore.run.TrainingLoop;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.trainer.codec.SoundSource.Recordings;

/** Trains a neural codec from scratch. */
public final class CodecTraining implements Training {
    private static final String KIND = "codec";

    /** Latent frames for each code of a codebook that k-means begins with. */
    private static final int FRAMES_A_CODE = 8;

    private final CodecSettings settings;
    private final RunContext run;
    private final RandomStreams streams;
    private final Shards shards;
    private final EncodecConfig config;
    private final EncodecModel model;
    private final CodebookLearning codebooks;
    private final CodecOptimiser optimiser;
    private final List<Recordings> sources = new ArrayList<>();
    private final ClipPool pool;
    private final CodecPass[] passes;
    private final float[][] crops;
    private final Terms[] terms;
    private final double[] latents;
    private final int[][] codes;
    private List<float[]> heldOut = List.of();

    /** The last held-out distances of this process; null before the first. */
    private SoundDistances heard;

    /**
     * The result of a run.
     *
     * @param steps number of updates, counted from the start of the run
     * @param report figures of the written model on recordings of the test, or of the development split if there are none for a test
     * @param split of these recordings
     * @param model directory of the written model
     * @param checkpoint the last checkpoint
     */
    public record Result(long steps, CodecEvaluation.Report report, Split split, Path model, Path checkpoint) {}

    /**
     * Prepares a run; sound is rendered when it begins.
     *
     * @param shards shards of the run; closed by the caller
     */
    public CodecTraining(CodecSettings settings, RunContext run, Shards shards) throws IOException {
        this.settings = settings;
        this.run = run;
        this.shards = shards;
        this.streams = new RandomStreams(settings.seed());
        this.config = settings.codec().config();
        Kernels kernels = shards.kernels(0);
        EncodecParameters parameters = new EncodecParameters(kernels, config);
        CodecInitialisation.draw(kernels, config, parameters, streams.stream(Purpose.INITIALISATION));
        this.model = new EncodecModel(config, parameters);
        this.codebooks = new CodebookLearning(settings.codebooks(), config, kernels, parameters);
        for (SoundSource source : settings.sound()) {
            sources.add(source.open(config.sampleRate()));
        }
        int samples = settings.samples();
        int batch = settings.training().batch();
        this.pool = new ClipPool(
                sources, config.sampleRate(), samples, settings.training().gain(), streams);
        this.passes = new CodecPass[shards.count()];
        for (int shard = 0; shard < passes.length; shard++) {
            passes[shard] = new CodecPass(
                    model,
                    shards.kernels(shard),
                    settings.losses(),
                    settings.compute().microBatch(),
                    samples);
        }
        this.optimiser = new CodecOptimiser(kernels, parameters, settings.training());
        this.crops = new float[batch][samples];
        this.terms = new Terms[batch];
        this.latents = new double[batch * frames() * config.hidden()];
        this.codes = new int[config.codebooks()][batch * frames()];
    }

    private int frames() {
        return settings.samples() / config.hop();
    }

    /** The codec. */
    public EncodecModel model() {
        return model;
    }

    /** Seconds of sound in memory; 0 before the run. */
    public double seconds() {
        return pool.seconds();
    }

    /** Trains to the last step, writes the model and measures it. */
    public Result run(String command) throws IOException {
        long step = new TrainingLoop("pretraining", this, run).run();
        return new CodecExport(settings, run, shards, pool).write(step, model, codebooks, dataFingerprints(), command);
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

    /** Renders and decodes the sound, which depends on the settings alone. */
    @Override
    public void prepare() throws IOException {
        pool.fill(run.progress());
        heldOut = pool.heldOutCrops(settings.evaluation().clips());
    }

    @Override
    public Map<String, Double> step(long step) throws IOException {
        long start = run.clock().millis();
        int batch = settings.training().batch();
        int[] levels = levels(step);
        takeCrops(step, 0);
        boolean quantised = step > settings.codebooks().warmupSteps();
        if (quantised && !codebooks.isInitialised()) {
            initialiseCodebooks(step);
        }
        for (CodecPass pass : passes) {
            pass.refresh();
        }
        overParts(
                batch,
                (pass, from, to) -> keep(
                        from,
                        to,
                        levels,
                        pass.learn(clips(from, to), Arrays.copyOfRange(levels, from, to), 1.0 / batch)));
        CodecOptimiser.Update update = optimiser.update(passes);
        int revived = update.skipped() || !quantised
                ? 0
                : codebooks.update(latents, codes, streams.stream(Purpose.SAMPLING, step));
        double seconds = Math.max(run.clock().millis() - start, 1) / 1000.0;
        Map<String, Double> metrics = new LinkedHashMap<>();
        losses(metrics, "loss/codec", Arrays.asList(terms));
        metrics.put("grad_norm", update.gradNorm());
        metrics.put("lr", update.learningRate());
        metrics.put("updates_skipped", update.skipped() ? 1.0 : 0.0);
        for (int k = 0; quantised && k < config.codebooks(); k++) {
            metrics.put("codec/perplexity_" + (k + 1), codebooks.perplexity(k));
        }
        metrics.put("codec/revived", (double) revived);
        metrics.put("perf/sound_s_per_s", batch * (double) settings.samples() / config.sampleRate() / seconds);
        metrics.put("timing_s/step", seconds);
        if (step % settings.evaluation().every() == 0 || step == steps()) {
            measureHeldOut(metrics);
        }
        return metrics;
    }

    /** The first rows, by the frames of as many batches as give each code a few; the last of them is that of the step. */
    private void initialiseCodebooks(long step) {
        int batch = settings.training().batch();
        int batches = (FRAMES_A_CODE * config.codebookSize() + batch * frames() - 1) / (batch * frames());
        double[] all = new double[batches * latents.length];
        for (int part = batches - 1; part >= 0; part--) {
            takeCrops(step, part * batch);
            overParts(batch, (pass, from, to) -> keepLatents(from, pass.latents(clips(from, to))));
            System.arraycopy(latents, 0, all, part * latents.length, latents.length);
        }
        codebooks.initialise(all, batches, streams.stream(Purpose.INITIALISATION, 1));
    }

    /** The crops of a step, or others: those from an index on. */
    private void takeCrops(long step, int first) {
        shards.each(shard -> {
            for (int i = shard; i < crops.length; i += shards.count()) {
                pool.crop(step, first + i, crops[i]);
            }
        });
    }

    /** How many codebooks each clip of a step uses; none before there are any. */
    private int[] levels(long step) {
        RandomGenerator random = streams.stream(Purpose.DROPOUT, step);
        int[] levels = new int[settings.training().batch()];
        if (step <= settings.codebooks().warmupSteps()) {
            return levels;
        }
        for (int i = 0; i < levels.length; i++) {
            boolean fewer = random.nextDouble() < settings.training().codebookDropout();
            levels[i] = fewer ? 1 + random.nextInt(config.codebooks()) : config.codebooks();
        }
        return levels;
    }

    /** Work on neighbouring clips. */
    private interface Part {
        void with(CodecPass pass, int from, int to);
    }

    /** Cuts clips into micro-batches; the j-th runs in shard j modulo the number of shards. */
    private void overParts(int count, Part part) {
        int size =
                Math.max(1, Math.min(settings.compute().microBatch(), (count + shards.count() - 1) / shards.count()));
        int parts = (count + size - 1) / size;
        shards.each(shard -> {
            for (int j = shard; j < parts; j += shards.count()) {
                part.with(passes[shard], j * size, Math.min(count, (j + 1) * size));
            }
        });
    }

    private List<float[]> clips(int from, int to) {
        return Arrays.asList(crops).subList(from, to);
    }

    private void keepLatents(int from, double[] found) {
        System.arraycopy(found, 0, latents, from * frames() * config.hidden(), found.length);
    }

    private void keep(int from, int to, int[] levels, CodecPass.Found found) {
        keepLatents(from, found.latents());
        int frames = frames();
        for (int clip = from; clip < to; clip++) {
            terms[clip] = found.terms().get(clip - from);
            for (int k = 0; k < codes.length; k++) {
                if (k < levels[clip]) {
                    System.arraycopy(found.codes()[k], (clip - from) * frames, codes[k], clip * frames, frames);
                } else {
                    Arrays.fill(codes[k], clip * frames, (clip + 1) * frames, -1);
                }
            }
        }
    }

    private void losses(Map<String, Double> metrics, String total, List<Terms> all) {
        double waveform = all.stream().mapToDouble(Terms::waveform).sum() / all.size();
        double mel = all.stream().mapToDouble(Terms::mel).sum() / all.size();
        double commitment = all.stream().mapToDouble(Terms::commitment).sum() / all.size();
        metrics.put(total, new Terms(waveform, mel, commitment).total(settings.losses()));
        metrics.put(total + "_waveform", waveform);
        metrics.put(total + "_mel", mel);
        metrics.put(total + "_commitment", commitment);
    }

    /** On the held-out crops, with all codebooks as they are now. */
    private void measureHeldOut(Map<String, Double> metrics) {
        for (CodecPass pass : passes) {
            pass.refresh();
        }
        int count = heldOut.size();
        Terms[] found = new Terms[count];
        SoundDistances[] distances = new SoundDistances[count];
        int samples = settings.samples();
        overParts(count, (pass, from, to) -> {
            int[] levels = new int[to - from];
            Arrays.fill(levels, codebooks.isInitialised() ? config.codebooks() : 0);
            CodecPass.Found measured = pass.measure(heldOut.subList(from, to), levels);
            for (int i = from; i < to; i++) {
                found[i] = measured.terms().get(i - from);
                float[] decoded = new float[samples];
                for (int j = 0; j < samples; j++) {
                    decoded[j] = (float) measured.decoded()[(i - from) * samples + j];
                }
                distances[i] = SoundDistances.of(
                        new Waveform(heldOut.get(i), config.sampleRate()), new Waveform(decoded, config.sampleRate()));
            }
        });
        losses(metrics, "loss/codec_held_out", Arrays.asList(found));
        heard = SoundDistances.mean(Arrays.asList(distances));
        metrics.put("codec/si_sdr", heard.siSdr());
        metrics.put("codec/log_mel_distance", heard.logMel());
        metrics.put("codec/log_spectral_distance", heard.logSpectral());
    }

    @Override
    public String summary(Map<String, Double> metrics) {
        String distances = heard == null
                ? ""
                : String.format(
                        Locale.ROOT, "held out %.1f dB log-mel, %.1f dB SI-SDR, ", heard.logMel(), heard.siSdr());
        return String.format(
                Locale.ROOT,
                "loss %.3f, %s%.1f s of sound/s",
                metrics.get("loss/codec"),
                distances,
                metrics.get("perf/sound_s_per_s"));
    }

    @Override
    public void save(Path directory, ObjectNode state) throws IOException {
        optimiser.requireFiniteWeights();
        CodecDirectory.write(directory, model, codebooks, shards.kernels(0), Form.FOLDED);
        optimiser.save(Files.createDirectories(directory.resolve("optimizer")), state);
    }

    @Override
    public void load(Path checkpoint, JsonNode state) throws IOException {
        Kernels kernels = shards.kernels(0);
        EncodecModel saved = EncodecModel.load(checkpoint, kernels);
        if (!saved.config().equals(config)) {
            throw new InvalidFileException(checkpoint, "holds a codec of other sizes than the configuration's");
        }
        kernels.copy(saved.parameters().flat(), model.parameters().flat());
        codebooks.load(checkpoint.resolve(ModelDirectory.WEIGHTS));
        optimiser.load(checkpoint, state);
    }

    /** SHA-256 of what is learned from. */
    public Map<String, String> dataFingerprints() {
        Map<String, String> fingerprints = new LinkedHashMap<>();
        for (int i = 0; i < sources.size(); i++) {
            fingerprints.put(i == 0 ? "sound" : "sound_" + i, sources.get(i).fingerprint());
        }
        return fingerprints;
    }
}
