package org.encore.app.commands;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.commands.ConfigOptions.RequiredConfig;
import org.encore.app.runs.PreflightRun;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.finetuning.Preflight.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Checks a fine-tuning run before it starts. */
@Command(
        name = "preflight",
        description =
                "Checks a configuration of train in seconds: sampler against trainer, gradients, padding, reference, resuming,"
                        + " rewards on known clips, memory and time. Status 1 if a check fails.")
public final class PreflightCommand implements Callable<Integer> {
    @Mixin
    private RequiredConfig config;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        List<Finding> findings = PreflightRun.findings(config.read(FineTuneSettings.class), true);
        List<Map<String, Object>> checks = new ArrayList<>();
        for (Finding finding : findings) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("check", finding.check());
            each.put("verdict", finding.verdict().name().toLowerCase(Locale.ROOT));
            each.put("said", finding.said());
            each.put("seconds", finding.seconds());
            checks.add(each);
        }
        results.print(Map.of("checks", checks), PreflightRun.text(findings));
        PreflightRun.requirePassed(findings, "");
        return ExitStatus.OK;
    }
}
