package org.encore.trainer.finetuning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.random.Shuffle;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.kernels.Kernels.AdamWStep;
import org.encore.model.learning.DivergedException;
import org.encore.model.learning.Learner.Update;
import org.encore.model.learning.LearnerFiles.Origin;
import org.encore.model.optimiser.AdamW;
import org.encore.music.text.Prompt;
import org.encore.rewards.Score;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.RewardScores;
import org.encore.trainer.finetuning.Collector.Collected;
import org.encore.trainer.finetuning.FineTuneSettings.ValueSettings;
import org.encore.trainer.finetuning.Workers.Cut;
import org.encore.trainer.value.ReaderFiles;
import org.encore.trainer.value.ReaderFiles.Shelf;
import org.encore.trainer.value.ReaderNetwork;
import org.encore.trainer.value.ReaderNetwork.Standard;
import org.encore.trainer.value.Reading;
import org.encore.trainer.value.ValueNetwork.Reader;

/** A critic that reads log-ratios of the frozen reference and scores of beginnings, and learns from the last iterations. */
final class ReaderCritic implements Critic {
    private static final Logger LOGGER = LogManager.getLogger(ReaderCritic.class);
    /** Clips that are held in memory at a time. */
    private static final int CLIPS_AT_ONCE = 64;
    /** Prompts of the warm-up begin here, after those of the run. */
    private static final long FIRST_PROMPT = 1_000_000_000L;

    private static final String UPDATES = "updates";

    private final Reader settings;
    private final ValueSettings training;
    private final Parts parts;
    private final ReaderNetwork network;
    private final RandomStreams streams;
    private final long totalUpdates;
    private final Deque<Shelf> replay = new ArrayDeque<>();
    /** Null before the first returns. */
    private Standard standard;
    /** Of the last values. */
    private List<Reading> latest = List.of();

    /**
     * What the features are made of.
     *
     * @param readsText whether a prompt makes a difference
     */
    record Parts(boolean readsText, CodeBatcher batcher, DelayPattern pattern, int microBatch) {}

    /**
     * Starts with an untrained network, or that of another run.
     *
     * @param iterations of the run, for the schedule of the learning rate
     */
    ReaderCritic(
            Reader settings,
            ValueSettings training,
            Parts parts,
            ReaderNetwork network,
            RandomStreams streams,
            int iterations)
            throws IOException {
        this.settings = settings;
        this.training = training;
        this.parts = parts;
        this.network = network;
        this.streams = streams;
        int before = settings.start().isPresent() ? 0 : warmupUpdates(settings.warmupSamples());
        this.totalUpdates = before + (long) iterations * settings.updates();
        if (settings.start().isPresent()) {
            standard = ReaderFiles.readWeights(settings.start().get(), network);
        }
    }

    /** What is read of samples, one reading each. */
    List<Reading> readings(Workers workers, Rollouts scored, Cut cut, Mixture rewards) {
        Reading[] readings = new Reading[scored.count()];
        List<CodeBatcher.MicroBatch> microBatches = cut.microBatches();
        float[][] scores = scoresOfBeginnings(workers, scored, rewards);
        List<double[][]> with = parts.readsText() ? workers.unguidedLogProbs(cut) : List.of();
        List<double[][]> without = parts.readsText() ? workers.unguidedLogProbs(hidden(cut)) : List.of();
        for (int j = 0; j < microBatches.size(); j++) {
            CodeBatcher.MicroBatch each = microBatches.get(j);
            int width = each.batch().shape().steps();
            for (int b = 0; b < each.members().length; b++) {
                int steps = each.batch().steps()[b];
                float[] ratios = new float[steps];
                for (int t = 0; t < steps && !with.isEmpty(); t++) {
                    ratios[t] = (float) (with.get(j)[b][t] - without.get(j)[b][t]);
                }
                int from = b * width;
                int[][] inputs = Arrays.stream(each.batch().inputs().inputs())
                        .map(codes -> Arrays.copyOfRange(codes, from, from + steps))
                        .toArray(int[][]::new);
                int sample = each.members()[b];
                readings[sample] = new Reading(
                        inputs,
                        ratios,
                        scores[sample],
                        Math.max(1, settings.prefixEvery()),
                        parts.pattern().steps(1) - 1);
            }
        }
        return List.of(readings);
    }

    /** The same micro-batches without their text. */
    private Cut hidden(Cut cut) {
        List<CodeSequence> sequences = cut.sequences().stream()
                .map(each -> new CodeSequence(each.codes(), each.prompt(), false))
                .toList();
        return new Cut(
                sequences,
                cut.microBatches().stream()
                        .map(each -> parts.batcher().microBatch(sequences, each.members()))
                        .toList());
    }

    /** Scores of all beginnings that are shorter than their sample, {@code [B][]}. */
    private float[][] scoresOfBeginnings(Workers workers, Rollouts scored, Mixture rewards) {
        int every = settings.prefixEvery();
        float[][] scores = new float[scored.count()][];
        List<int[]> places = new ArrayList<>();
        for (int b = 0; b < scores.length; b++) {
            int count = every == 0 ? 0 : Math.max(0, (scored.codes(b)[0].length - 1) / every);
            scores[b] = new float[count];
            for (int j = 0; j < count; j++) {
                places.add(new int[] {b, j});
            }
        }
        for (int from = 0; from < places.size(); from += CLIPS_AT_ONCE) {
            List<int[]> chunk = places.subList(from, Math.min(from + CLIPS_AT_ONCE, places.size()));
            List<Prompt> prompts = new ArrayList<>();
            List<int[][]> clips = new ArrayList<>();
            for (int[] place : chunk) {
                int frames = (place[1] + 1) * every;
                prompts.add(scored.prompt(place[0]));
                clips.add(Arrays.stream(scored.codes(place[0]))
                        .map(each -> Arrays.copyOf(each, frames))
                        .toArray(int[][]::new));
            }
            List<Score> totals = workers.scores(prompts, clips, rewards).scores();
            for (int i = 0; i < chunk.size(); i++) {
                Score total = totals.get(i);
                scores[chunk.get(i)[0]][chunk.get(i)[1]] = total.abstains() ? Float.NaN : (float) total.value();
            }
        }
        return scores;
    }

    @Override
    public double[][] values(Workers workers, Rollouts scored, Cut cut, Mixture rewards) {
        latest = readings(workers, scored, cut, rewards);
        double[][] rows = network.values(latest, standard);
        double[][] values = scored.steps().table((b, t) -> standard.mean() + standard.deviation() * rows[b][t]);
        StepTables.requireFinite("value network's prediction", scored.steps(), values);
        return values;
    }

    @Override
    public Optional<Fit> learn(double[][] returns) {
        replay.addLast(shelf(latest, returns));
        while (replay.size() > settings.replay()) {
            replay.removeFirst();
        }
        List<Reading> readings = new ArrayList<>();
        List<float[]> wanted = new ArrayList<>();
        replay.forEach(each -> {
            readings.addAll(each.readings());
            wanted.addAll(each.returns());
        });
        double loss = 0.0;
        Update last = new Update(0.0, 0.0, false);
        Draws draws = new Draws(readings.size(), network.updates());
        for (int i = 0; i < settings.updates(); i++) {
            int[] drawn = draws.next(settings.minibatch());
            double factor = training.schedule().factor(network.updates() + 1, totalUpdates);
            loss += learn(readings, wanted, drawn);
            last = update(training.optimiser().learningRate() * factor);
        }
        double variance = standard.deviation() * standard.deviation();
        return settings.updates() == 0
                ? Optional.empty()
                : Optional.of(new Fit(variance * loss / settings.updates(), last));
    }

    private Shelf shelf(List<Reading> readings, double[][] returns) {
        List<float[]> standardised = new ArrayList<>();
        for (int b = 0; b < readings.size(); b++) {
            float[] own = new float[readings.get(b).steps()];
            for (int t = 0; t < own.length; t++) {
                own[t] = (float) standard.of(returns[b][t]);
            }
            standardised.add(own);
        }
        return new Shelf(readings, standardised);
    }

    private double learn(List<Reading> readings, List<float[]> wanted, int[] drawn) {
        return network.accumulate(
                Arrays.stream(drawn).mapToObj(readings::get).toList(),
                Arrays.stream(drawn).mapToObj(wanted::get).toList(),
                standard);
    }

    private Update update(double rate) {
        AdamW.Settings a = training.optimiser();
        double norm = network.update(
                new AdamWStep(rate, a.beta1(), a.beta2(), a.epsilon(), a.weightDecay(), 1, 1.0), a.maxGradNorm());
        return new Update(norm, rate, !Double.isFinite(norm));
    }

    /** Shuffled indices, a mini-batch at a time; shuffled anew when all were drawn. */
    private final class Draws {
        private final int count;
        private final long seed;
        private int[] order = {};
        private int next;
        private int pass;

        Draws(int count, long seed) {
            this.count = count;
            this.seed = seed;
        }

        int[] next(int size) {
            if (next >= order.length) {
                order = StepTables.range(count);
                Shuffle.inPlace(order, streams.stream(Purpose.VALUE, seed, pass++));
                next = 0;
            }
            int from = next;
            next = Math.min(order.length, from + size);
            return Arrays.copyOfRange(order, from, next);
        }
    }

    int warmupSamples() {
        return settings.warmupSamples();
    }

    /** Whether {@link #warmUp} is due before the first iteration. */
    boolean wantsWarmUp() {
        return standard == null && settings.warmupSamples() > 0;
    }

    /**
     * Learns from samples of the initial policy; scores alone count, since its KL is 0.
     *
     * @param each samples of each prompt
     * @param progress is told how many samples have been read
     * @throws DivergedException if a gradient is not finite
     */
    void warmUp(Collector collector, int each, IntConsumer progress) {
        List<Reading> readings = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        int prompts = Math.max(1, CLIPS_AT_ONCE / each);
        // Its phases are parts of one that is timed as a whole.
        Timings timings = new Timings(Clock.systemUTC());
        for (int part = 0; part * prompts * each < settings.warmupSamples(); part++) {
            long first = FIRST_PROMPT + (long) part * prompts;
            Collected collected =
                    collector.collect(-part, collector.prompts(first, prompts), each, collector.rewards(), timings);
            Rollouts rollouts = collected.rollouts();
            RewardScores scored = collected.scores();
            int[] members = Collector.scoredSamples(scored, rollouts.groups(), 1);
            if (members.length > 0) {
                Rollouts own = rollouts.only(members);
                Cut cut = Cut.of(parts.batcher(), own.sequences(), parts.microBatch());
                readings.addAll(readings(collector.workers(), own, cut, collector.rewards()));
                Arrays.stream(collector.scores(rollouts, members, scored)).forEach(scores::add);
            }
            progress.accept(Math.min(settings.warmupSamples(), (part + 1) * prompts * each));
        }
        if (scores.size() < 2) {
            LOGGER.warn("the rewards abstained from the samples of the value network's warm-up, so there is none");
            return;
        }
        startAt(scores.stream().mapToDouble(Double::doubleValue).toArray());
        Shelf shelf = shelf(readings, table(readings, scores));
        Draws draws = new Draws(readings.size(), -1);
        int updates = warmupUpdates(readings.size());
        double loss = 0.0;
        for (int i = 0; i < updates; i++) {
            loss = learn(shelf.readings(), shelf.returns(), draws.next(settings.minibatch()));
            double left = 1.0 - (double) i / updates;
            double rate = training.optimiser().learningRate();
            if (update(rate + left * Math.max(0.0, settings.warmupRate() - rate))
                    .skipped()) {
                throw new DivergedException("the gradient of the value network is not finite in its warm-up; lower"
                        + " value.network.warmupRate");
            }
        }
        LOGGER.info(
                "value network: {} weights, warmed up on {} samples; {} of their variance are left in the last mini-batch",
                network.size(),
                readings.size(),
                String.format(Locale.ROOT, "%.0f %%", 100.0 * loss));
    }

    private int warmupUpdates(int samples) {
        return settings.warmupEpochs() * ((samples + settings.minibatch() - 1) / settings.minibatch());
    }

    private static double[][] table(List<Reading> readings, List<Double> scores) {
        double[][] returns = new double[readings.size()][];
        for (int b = 0; b < returns.length; b++) {
            returns[b] = new double[readings.get(b).steps()];
            Arrays.fill(returns[b], scores.get(b));
        }
        return returns;
    }

    @Override
    public void startAt(double[] returns) {
        if (standard == null) {
            double mean = Arrays.stream(returns).average().orElseThrow();
            double variance = Arrays.stream(returns)
                    .map(x -> (x - mean) * (x - mean))
                    .average()
                    .orElseThrow();
            // As precise as its file, so that a resumed run goes on with the same numbers.
            standard = new Standard((float) mean, variance > 0.0 ? (float) Math.sqrt(variance) : 1.0);
        }
    }

    @Override
    public void save(Origin reference, Path directory, ObjectNode saved) throws IOException {
        Files.createDirectories(directory);
        if (standard == null) {
            return;
        }
        ReaderFiles.write(directory, network, standard, List.copyOf(replay));
        saved.put(UPDATES, network.updates());
    }

    @Override
    public void load(Path directory, JsonNode saved, Path file) throws IOException {
        replay.clear();
        standard = null;
        if (!saved.has(UPDATES)) {
            return;
        }
        if (!saved.path(UPDATES).canConvertToLong() || saved.path(UPDATES).asLong() < 0) {
            throw new InvalidFileException(
                    file, UPDATES + " is " + saved.path(UPDATES) + ", but must be a number of updates");
        }
        standard = ReaderFiles.read(directory, network, saved.path(UPDATES).asLong());
        replay.addAll(ReaderFiles.readReplay(
                directory, Math.max(1, settings.prefixEvery()), parts.pattern().steps(1) - 1));
    }
}
