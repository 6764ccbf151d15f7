package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.model.kernels.Kernels;
import org.encore.model.parity.Parity;
import org.encore.model.parity.TensorComparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares a model with values that another implementation computed from the same weights. */
@Command(
        name = "parity",
        description = "Compares a model with values that another implementation computed from the same weights.")
public final class ParityCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "MODEL_DIR",
            description = "The model, in the Hugging Face layout or in audiocraft's names.")
    private Path model;

    @Option(names = "--golden", paramLabel = "FILE", required = true, description = "Inputs and expected values.")
    private Path golden;

    @Option(names = "--gradients", paramLabel = "FILE", description = "Expected gradients of all parameters.")
    private Path gradients;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        List<TensorComparison> comparisons = new ArrayList<>();
        try (Kernels kernels = Machine.kernels().open();
                Parity parity = Parity.open(model, golden, kernels)) {
            comparisons.addAll(parity.values());
            if (gradients != null) {
                comparisons.addAll(parity.gradients(gradients));
            }
        }
        long passed = count(comparisons, TensorComparison.Status.PASSED);
        long failed = count(comparisons, TensorComparison.Status.FAILED);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("passed", passed);
        facts.put("failed", failed);
        facts.put("not_covered", count(comparisons, TensorComparison.Status.NOT_COVERED));
        facts.put("tensors", comparisons.stream().map(ParityCommand::facts).toList());
        String summary = String.format(Locale.ROOT, "%d passed, %d failed", passed, failed);
        results.print(
                facts,
                comparisons.stream().map(ParityCommand::line).collect(Collectors.joining("\n")) + "\n" + summary);
        return failed == 0 && passed > 0 ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private static long count(List<TensorComparison> comparisons, TensorComparison.Status status) {
        return comparisons.stream().filter(each -> each.status() == status).count();
    }

    private static Map<String, Object> facts(TensorComparison c) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("tensor", c.tensor());
        facts.put("status", c.status().name().toLowerCase(Locale.ROOT));
        boolean compared = c.status() == TensorComparison.Status.PASSED || c.status() == TensorComparison.Status.FAILED;
        facts.put("largest_error", compared && Double.isFinite(c.largestError()) ? c.largestError() : null);
        facts.put("tolerance", compared ? c.tolerance() : null);
        return facts;
    }

    private static String line(TensorComparison c) {
        return switch (c.status()) {
            case INPUT -> String.format(Locale.ROOT, "%-72s input", c.tensor());
            case NOT_COVERED -> String.format(Locale.ROOT, "%-72s not covered", c.tensor());
            default ->
                String.format(
                        Locale.ROOT,
                        "%-72s %s  largest error %.3g, allowed %.3g",
                        c.tensor(),
                        c.status() == TensorComparison.Status.PASSED ? "passed" : "FAILED",
                        c.largestError(),
                        c.tolerance());
        };
    }
}
