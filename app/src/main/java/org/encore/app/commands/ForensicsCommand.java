package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.report.ForensicsSection;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.evaluation.forensics.RewardForensics;
import org.encore.evaluation.forensics.RewardForensics.Link;
import org.encore.run.RunDirectory;
import org.encore.statistics.Interval;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Analyses which simple properties explain the rewards of runs. */
@Command(
        name = "forensics",
        description =
                "Analyses which simple properties explain the rewards of runs: loudness, silence, length, register, density,"
                        + " repetition.")
public final class ForensicsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Directories of runs by the command train.")
    private List<Path> runs;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        List<Object> facts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (Path run : runs) {
            List<RewardForensics> rewards = ForensicsSection.of(RunDirectory.open(run));
            facts.add(facts(run, rewards));
            write(run, rewards, text);
        }
        results.print(Map.of("runs", facts), text.toString().stripTrailing());
        return ExitStatus.OK;
    }

    private static Map<String, Object> facts(Path run, List<RewardForensics> rewards) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("run", run.toString());
        facts.put("rewards", rewards);
        facts.put(
                "alarms",
                rewards.stream()
                        .flatMap(reward -> reward.alarms().stream()
                                .map(link -> Map.of("reward", reward.reward(), "confounder", link.metric())))
                        .toList());
        return facts;
    }

    private static void write(Path run, List<RewardForensics> rewards, StringBuilder text) {
        text.append(run).append('\n');
        for (RewardForensics reward : rewards) {
            text.append(String.format(
                    Locale.ROOT,
                    "reward %s: %.4f to %.4f, gain %s, %d samples%n",
                    reward.reward(),
                    reward.start(),
                    reward.end(),
                    shown(reward.gain(), 1.0, 4),
                    reward.samples()));
            text.append(String.format(
                    Locale.ROOT, "  %-22s %-22s %-28s %s%n", "", "correlation", "change", "% of the gain"));
            reward.confounders().forEach(link -> text.append(row(link)));
            text.append("  referee\n");
            reward.referee().forEach(link -> text.append(row(link)));
        }
        rewards.forEach(reward -> ForensicsSection.alarms(reward)
                .forEach(alarm -> text.append("ALARM: ").append(alarm).append('\n')));
    }

    private static String row(Link link) {
        return String.format(
                Locale.ROOT,
                "  %-22s %-22s %-28s %s%n",
                link.metric(),
                shown(link.spearman(), 1.0, 2),
                shown(link.change(), 1.0, 3),
                shown(link.explained(), 100.0, 0));
    }

    private static String shown(Interval interval, double factor, int digits) {
        String number = "%+." + digits + "f";
        return Double.isNaN(interval.value())
                ? "-"
                : String.format(
                        Locale.ROOT,
                        number + " [" + number + ", " + number + "]",
                        factor * interval.value(),
                        factor * interval.low(),
                        factor * interval.high());
    }
}
