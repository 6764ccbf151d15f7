package org.encore.app.commands.rewards;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.rewards.specs.RewardKinds;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.rewards.trained.RewardKind.RewardReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Measures a learned reward anew: the table of its card. */
@Command(name = "evaluate", description = "Measures a learned reward anew: the table of its card.")
public final class RewardEvaluateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The reward.")
    private Path reward;

    @Mixin
    private Measurement measurement;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        RewardDirectory directory = RewardDirectory.open(Machine.locate(reward));
        measurement.check(RewardKinds.of(directory));
        try (TerminalProgress progress = new TerminalProgress()) {
            RewardReport report = measurement.of(directory, progress);
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("reward", reward.toString());
            facts.put("kind", directory.kind());
            facts.putAll(report.metrics());
            results.print(facts, report.table().stripTrailing());
        }
        return ExitStatus.OK;
    }
}
