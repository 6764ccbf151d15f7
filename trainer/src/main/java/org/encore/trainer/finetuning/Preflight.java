package org.encore.trainer.finetuning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.memory.MemoryBudget.MemoryLimits;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.text.Prompt;
import org.encore.rewards.mixture.Mixture.MixtureState;
import org.encore.run.ComputeSettings;
import org.encore.trainer.advantages.ValidSteps;
import org.encore.trainer.finetuning.FineTuneSettings.Rollout;
import org.encore.trainer.finetuning.PolicyImprover.Evidence;
import org.encore.trainer.finetuning.PolicyImprover.PolicyReport;

/**
 * Checks a run before it starts: what must hold of its first iteration, and what no metric of a running training shows.
 *
 * <p>The checks work on networks of their own, so that the run has the same bits with and without them. The list is that of
 * faults known to spoil such runs silently; limits are ours.
 */
public final class Preflight {
    /** Nats a step by which sampler and trainer may differ; with weights of 16 bits they do by up to 1e-3. */
    private static final double MOST_GAP = 5e-3;

    /** Nats a code of KL before the first update: rounding. */
    private static final double MOST_KL = 1e-5;

    private static final double MOST_LOSS_ERROR = 1e-4;
    private static final int PROMPTS = 4;
    private static final int FRAMES = 64;
    static final int SHORT = 12;

    private final FineTuneSettings settings;
    private final Packing packing;
    private final Function<FineTuneSettings, PreflightSubject> single;
    private final Function<FineTuneSettings, PreflightSubject> wide;
    private final Corpus prompts;
    private final SymbolicCodec notes;
    private final Path scratch;
    private final List<Finding> findings = new ArrayList<>();

    /** What a check came to. */
    public enum Verdict {
        PASSED,
        FAILED,
        /** It could not tell, and says why; the run may start. */
        UNCLEAR
    }

    /**
     * One check.
     *
     * @param check its name
     * @param said what was measured, against which limit
     */
    public record Finding(String check, Verdict verdict, String said, double seconds) {}

    Preflight(
            FineTuneSettings settings,
            Packing packing,
            Function<FineTuneSettings, PreflightSubject> single,
            Function<FineTuneSettings, PreflightSubject> wide,
            Corpus prompts,
            SymbolicCodec notes,
            Path scratch) {
        this.settings = settings;
        this.packing = packing;
        this.single = single;
        this.wide = wide;
        this.prompts = prompts;
        this.notes = notes;
        this.scratch = scratch;
    }

    /**
     * Runs all checks.
     *
     * @param settings of the run, with paths as they are found
     * @param base directory of the initial model
     * @param codec of the corpus or the model
     * @param notes a codec of notes, for known clips
     * @param shards kernels of the run; closed by the caller
     * @param wide kernels in 64 bits, one shard; closed by the caller
     * @param scratch a directory for the trial checkpoint
     * @return in their order, the failed ones too
     */
    public static List<Finding> run(
            FineTuneSettings settings,
            Path base,
            AudioCodec codec,
            SymbolicCodec notes,
            Shards shards,
            Shards wide,
            Path scratch)
            throws IOException {
        Corpus corpus = settings.corpus()
                .open(codec, Math.max(256, settings.evaluation().maxFrames()));
        return new Preflight(
                        settings,
                        packing(settings, CheckpointInfo.of(base), MemoryLimits.ofThisMachine()),
                        sized -> subject(sized, base, codec, shards),
                        sized -> subject(sized, base, codec, wide),
                        corpus,
                        notes,
                        scratch)
                .findings();
    }

    private static PreflightSubject subject(FineTuneSettings sized, Path base, AudioCodec codec, Shards shards) {
        try {
            return new PreflightSubject(sized, base, codec, shards);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Generation in 32 bits agrees best with the trainer; where weights of that size do not fit, it is as in the run. */
    static Packing packing(FineTuneSettings settings, CheckpointInfo base, MemoryLimits limits) throws IOException {
        FineTuneSettings sized =
                sized(settings, Packing.FLOAT32, settings.compute().shards(), FRAMES);
        try {
            new FineTuneMemory(sized, base.config(), base.neuralCodec()).storage(limits);
            return Packing.FLOAT32;
        } catch (IllegalArgumentException tooLarge) {
            return settings.rollout().packing();
        }
    }

    /** The settings of the run with passes small enough for the checks. */
    static FineTuneSettings sized(FineTuneSettings s, Packing packing, int shards, int frames) {
        Rollout r = s.rollout();
        Rollout small = new Rollout(
                r.prompts(),
                r.promptsPerIteration(),
                r.samplesPerPrompt(),
                Math.min(frames, r.maxFrames()),
                r.missingEndPenalty(),
                r.temperature(),
                r.guidanceScale(),
                2,
                packing,
                r.maxSkippedInRow());
        return s.with(small, new ComputeSettings(shards, 2, s.compute().activationCheckpointing()));
    }

    List<Finding> findings() throws IOException {
        FineTuneSettings sized = sized(settings, packing, settings.compute().shards(), FRAMES);
        long parameters;
        try (PreflightSubject subject = single.apply(sized)) {
            MixtureState scored = new KnownClips(settings, notes).rank(subject, findings);
            parameters =
                    subject.networks().policy().model().parameters().layout().size();
            List<Prompt> asked = new ArrayList<>();
            for (int i = 0; i < PROMPTS; i++) {
                asked.add(prompts.trainPrompt(i));
            }
            List<Completion> completions = subject.sample(asked);
            List<CodeSequence> sequences = new ArrayList<>();
            for (int i = 0; i < PROMPTS; i++) {
                sequences.add(
                        CodeSequence.of(completions.get(i).codes(), asked.get(i).text()));
            }
            start(subject, completions, sequences);
            padding(subject, sequences);
            reference(subject, sequences);
            resume(subject, sequences, scored);
        }
        if (parameters > LossSlopes.MOST_IN_64_BITS) {
            findings.add(LossSlopes.leftOut(parameters));
        } else {
            try (PreflightSubject subject = wide.apply(sized(settings, Packing.FLOAT32, 1, SHORT))) {
                findings.add(new LossSlopes(settings, subject, prompts).finding());
            }
        }
        return List.copyOf(findings);
    }

    private void note(String check, boolean passed, double began, String format, Object... values) {
        note(check, passed ? Verdict.PASSED : Verdict.FAILED, began, format, values);
    }

    private void note(String check, Verdict verdict, double began, String format, Object... values) {
        findings.add(new Finding(check, verdict, String.format(Locale.ROOT, format, values), now() - began));
    }

    static double now() {
        return System.nanoTime() / 1e9;
    }

    /** Sampler = trainer, likelihood ratio 1, KL 0. */
    private void start(PreflightSubject subject, List<Completion> completions, List<CodeSequence> sequences) {
        double began = now();
        List<CodeBatcher.MicroBatch> microBatches = subject.microBatches(sequences, 2);
        ValidSteps steps = PreflightSubject.valid(microBatches);
        double[][] sampled = steps.table((b, t) -> completions.get(b).logProbs()[t]);
        Evidence evidence = new Evidence(
                sampled,
                subject.advantages(steps, 0),
                settings.kl().controller().initial());
        PolicyReport report = subject.report(microBatches, evidence, subject.stepsInBatch(microBatches));
        subject.networks().policy().discard();
        note(
                "sampler = trainer",
                report.logProbGap() <= MOST_GAP,
                began,
                "log-probabilities of %d steps differ by %.2g nats at most, limit %.2g",
                steps.total(),
                report.logProbGap(),
                MOST_GAP);
        began = now();
        double[][] own = subject.logProbs(microBatches);
        PolicyReport fresh = subject.report(
                microBatches,
                new Evidence(own, evidence.advantages(), evidence.coefficient()),
                subject.stepsInBatch(microBatches));
        subject.networks().policy().discard();
        double ratio = fresh.metrics().ratio();
        double kl = fresh.klPerCode();
        double sampledKl = Math.abs(fresh.k1()) / fresh.codes();
        note(
                "ratio 1, KL 0 at the start",
                Math.abs(ratio - 1.0) <= MOST_GAP && Math.abs(kl) <= MOST_KL && sampledKl <= MOST_GAP,
                began,
                "mean likelihood ratio %.6f, KL from the reference %.2g nats a code, limit %.2g",
                ratio,
                kl,
                MOST_KL);
    }

    /** The loss of two sequences in one padded pass is the mean of both over their steps. */
    private void padding(PreflightSubject subject, List<CodeSequence> sequences) {
        double began = now();
        List<CodeSequence> two = List.of(sequences.get(0), cut(sequences.get(1), sequences.get(0)));
        List<CodeBatcher.MicroBatch> together = subject.microBatches(two, 2);
        ValidSteps steps = PreflightSubject.valid(together);
        int divisor = subject.stepsInBatch(together);
        double coefficient = settings.kl().controller().initial();
        Evidence both = new Evidence(subject.logProbs(together), subject.advantages(steps, 0), coefficient);
        double whole = subject.loss(subject.report(together, both, divisor), both, divisor);
        double sum = 0.0;
        int total = 0;
        for (int b = 0; b < two.size(); b++) {
            List<CodeBatcher.MicroBatch> alone = subject.microBatches(List.of(two.get(b)), 1);
            ValidSteps own = PreflightSubject.valid(alone);
            Evidence evidence = new Evidence(subject.logProbs(alone), subject.advantages(own, b), coefficient);
            int length = own.length(0);
            sum += length * subject.loss(subject.report(alone, evidence, length), evidence, length);
            total += length;
        }
        subject.networks().policy().discard();
        double expected = sum / total;
        note(
                "loss is a mean over valid steps",
                Math.abs(whole - expected) <= MOST_LOSS_ERROR * (1.0 + Math.abs(expected)),
                began,
                "of sequences of %d and %d steps %.6f together, %.6f one by one, limit %.2g",
                steps.length(0),
                steps.length(1),
                whole,
                expected,
                MOST_LOSS_ERROR);
    }

    /** A sequence half as long as another at most. */
    private static CodeSequence cut(CodeSequence sequence, CodeSequence other) {
        int frames = Math.max(1, Math.min(sequence.codes()[0].length, other.codes()[0].length / 2));
        int[][] codes = Arrays.stream(sequence.codes())
                .map(row -> Arrays.copyOf(row, frames))
                .toArray(int[][]::new);
        return CodeSequence.of(codes, sequence.prompt());
    }

    /** An update moves the policy and not the reference. */
    private void reference(PreflightSubject subject, List<CodeSequence> sequences) {
        double began = now();
        List<CodeBatcher.MicroBatch> microBatches = subject.microBatches(sequences, 2);
        double[][] before = subject.referenceLogProbs(microBatches);
        double[][] policy = subject.logProbs(microBatches);
        update(subject, microBatches);
        double moved = distance(policy, subject.logProbs(microBatches));
        double drift = distance(before, subject.referenceLogProbs(microBatches));
        if (moved == 0.0 && drift == 0.0) {
            note(
                    "reference is frozen",
                    Verdict.UNCLEAR,
                    began,
                    "one update of the policy changed no log-probability, so it tells nothing: is the first learning rate 0?");
            return;
        }
        note(
                "reference is frozen",
                drift == 0.0,
                began,
                "an update moved the policy's log-probabilities by up to %.2g nats a step, and the reference's by %.2g",
                moved,
                drift);
    }

    private void update(PreflightSubject subject, List<CodeBatcher.MicroBatch> microBatches) {
        ValidSteps steps = PreflightSubject.valid(microBatches);
        Evidence evidence = new Evidence(
                subject.logProbs(microBatches),
                subject.advantages(steps, 0),
                settings.kl().controller().initial());
        subject.report(microBatches, evidence, subject.stepsInBatch(microBatches));
        subject.networks().policy().update();
    }

    private static double distance(double[][] one, double[][] other) {
        double most = 0.0;
        for (int b = 0; b < one.length; b++) {
            for (int t = 0; t < one[b].length; t++) {
                if (!Double.isNaN(one[b][t])) {
                    most = Math.max(most, Math.abs(one[b][t] - other[b][t]));
                }
            }
        }
        return most;
    }

    /** What a checkpoint holds comes back, and is written again as the same bytes: weights, moments, counts, coefficient. */
    private void resume(PreflightSubject subject, List<CodeSequence> sequences, MixtureState scored)
            throws IOException {
        double began = now();
        // No value that a fresh run would begin with.
        double coefficient = settings.kl().controller().initial() * 0.8125 + 0.00390625;
        FineTuneState state = new FineTuneState(3, coefficient, scored, 7, 2, 1);
        Path first = scratch.resolve("first");
        Path second = scratch.resolve("second");
        subject.save(state, first);
        update(subject, subject.microBatches(sequences, 2));
        FineTuneState found = subject.resumed(first);
        subject.save(found, second);
        boolean same = found.equals(state);
        String different = "";
        try (Stream<Path> files = Files.walk(first)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (Files.mismatch(file, second.resolve(first.relativize(file))) >= 0) {
                    different += (different.isEmpty() ? "" : ", ") + first.relativize(file);
                }
            }
        }
        note(
                "resume round trip",
                same && different.isEmpty(),
                began,
                "a checkpoint of KL coefficient %.6g, %d episodes came back with %.6g and %d%s",
                state.klCoefficient(),
                state.episodes(),
                found.klCoefficient(),
                found.episodes(),
                different.isEmpty() ? ", weights and moments to the bit" : "; other bytes in " + different);
    }
}
