package org.encore.app.runs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.encore.app.terminal.ExitStatus.CommandFailedException;
import org.encore.base.files.AtomicFiles;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.memory.MemoryBudget.MemoryLimits;
import org.encore.model.memory.MemoryPlan;
import org.encore.model.memory.MemoryPlan.Place;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.Codecs;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.trainer.finetuning.FineTuneMemory;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.finetuning.Preflight;
import org.encore.trainer.finetuning.Preflight.Finding;
import org.encore.trainer.finetuning.Preflight.Verdict;
import org.encore.trainer.planning.IterationCost;
import org.encore.trainer.planning.MachineRates;

/** The checks before a run, with this machine's kernels and memory. */
public final class PreflightRun {
    private static final double MEGABYTE = 1e6;
    private static final double MINUTE = 60.0;

    private PreflightRun() {}

    /**
     * Runs all checks.
     *
     * @param estimates whether to measure this machine and say how long the run will take
     */
    public static List<Finding> findings(FineTuneSettings settings, boolean estimates) throws IOException {
        Path base = Machine.locate(settings.checkpoint());
        TrainingRun.requireUsable(settings, base);
        List<Finding> findings = new ArrayList<>();
        Path scratch = Files.createTempDirectory("encore-preflight");
        try (Shards shards = Machine.shards(settings.compute().shards());
                Shards wide = Shards.of(1, KernelChoice.best(Precision.DOUBLE)::open)) {
            findings.add(memory(settings, base, shards, estimates));
            if (findings.get(0).verdict() != Verdict.FAILED) {
                findings.addAll(Preflight.run(
                        settings.located(Machine::locate),
                        base,
                        Machine.codec(settings.corpus(), Optional.of(base), shards),
                        Codecs.symbolic(Codecs.NOTES),
                        shards,
                        wide,
                        scratch.resolve("checkpoint")));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            AtomicFiles.deleteRecursively(scratch);
        }
        return findings;
    }

    private static Finding memory(FineTuneSettings settings, Path base, Shards shards, boolean estimates)
            throws IOException {
        long start = System.nanoTime();
        CheckpointInfo checkpoint = CheckpointInfo.of(base);
        FineTuneMemory memory = new FineTuneMemory(settings, checkpoint.config(), checkpoint.neuralCodec());
        try {
            ActivationCheckpointing storage = memory.storage(MemoryLimits.ofThisMachine());
            MemoryPlan plan = memory.plan(storage);
            String said = String.format(
                    Locale.ROOT,
                    "%,.0f MB, and %,.0f MB of heap, fit",
                    plan.bytes(Place.OFF_HEAP) / MEGABYTE,
                    plan.bytes(Place.HEAP) / MEGABYTE);
            if (estimates) {
                MachineRates rates = MachineRates.measure(settings, checkpoint.config(), shards);
                IterationCost cost =
                        new IterationCost(settings, checkpoint.config(), checkpoint.neuralCodec(), storage);
                double seconds = cost.iteration(rates).values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum();
                said += String.format(
                        Locale.ROOT,
                        "; about %.1f s an iteration, %.0f minutes in all, and what the rewards compute",
                        seconds,
                        (settings.iterations() * seconds + cost.evaluations(rates)) / MINUTE);
            }
            return new Finding("memory and time", Verdict.PASSED, said, (System.nanoTime() - start) / 1e9);
        } catch (IllegalArgumentException refused) {
            return new Finding(
                    "memory and time", Verdict.FAILED, refused.getMessage(), (System.nanoTime() - start) / 1e9);
        }
    }

    /** The findings as lines. */
    public static String text(List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-8s %-34s %s (%.1f s)%n",
                    finding.verdict().name().toLowerCase(Locale.ROOT),
                    finding.check(),
                    finding.said(),
                    finding.seconds()));
        }
        return text.toString().stripTrailing();
    }

    /**
     * Checks a run that is about to start.
     *
     * @param notes receives one line, and one for each check that could not tell
     * @throws CommandFailedException if a check failed
     */
    static void requireReady(FineTuneSettings settings, Consumer<String> notes) throws IOException {
        CheckpointInfo checkpoint = CheckpointInfo.of(Machine.locate(settings.checkpoint()));
        // A run that does not fit is a matter of settings, and refused as such.
        new FineTuneMemory(settings, checkpoint.config(), checkpoint.neuralCodec())
                .storage(MemoryLimits.ofThisMachine());
        List<Finding> findings = findings(settings, false);
        requirePassed(findings, "--no-preflight starts the run all the same");
        notes.accept(String.format(
                Locale.ROOT,
                "preflight: %d checks in %.1f s, none failed",
                findings.size(),
                findings.stream().mapToDouble(Finding::seconds).sum()));
        findings.stream()
                .filter(finding -> finding.verdict() == Verdict.UNCLEAR)
                .forEach(finding -> notes.accept("preflight: " + finding.check() + ": " + finding.said()));
    }

    /**
     * Stops where a check failed.
     *
     * @throws CommandFailedException with what failed and why
     */
    public static void requirePassed(List<Finding> findings, String otherwise) {
        List<String> failed = findings.stream()
                .filter(finding -> finding.verdict() == Verdict.FAILED)
                .map(finding -> finding.check() + ": " + finding.said())
                .toList();
        if (!failed.isEmpty()) {
            throw new CommandFailedException(
                    "preflight failed: " + String.join("; ", failed) + (otherwise.isEmpty() ? "" : "; " + otherwise));
        }
    }
}
