package org.encore.app.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.config.ConfigReader;
import org.encore.app.config.ResolvedConfig;
import org.encore.app.contest.Contest;
import org.encore.app.contest.Contest.Contestant;
import org.encore.app.contest.Contest.Outcome;
import org.encore.app.contest.ContestPages;
import org.encore.app.contest.ContestSettings;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.preferences.Vote;
import org.encore.preferences.comparisons.VoteFiles;
import org.encore.preferences.statistics.JudgementMatrix;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares models on common prompts: metrics and judges, in the paper's table. */
@Command(
        name = "evaluate",
        description =
                "Compares models on the same held-out prompts: rewards, referee, KL, novelty, and judges who rate every two of"
                        + " them; or makes the same table of people's votes.")
public final class EvaluateCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "[NAME=]CHECKPOINT",
            description = "The models, the base first; without NAME called as their directory.")
    private List<String> models = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where matrix.json and the page go.")
    private Path out;

    @Option(
            names = "--config",
            paramLabel = "CONFIG",
            defaultValue = "configs/evaluate.yaml",
            description = "A YAML file of prompts, rewards and judges.")
    private Path config;

    @Option(
            names = "--votes",
            paramLabel = "DB|FILE",
            description = "No models: the table of these votes, e.g. of the listening page's database.")
    private Path votes;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Replace one setting, e.g. --set prompts=16. May be given several times; the last one wins.")
    private List<String> overrides = new ArrayList<>();

    @Mixin
    private FilterOptions filter;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        if (votes != null) {
            if (!models.isEmpty()) {
                throw new IllegalArgumentException(
                        "--votes and models exclude each other: votes are of clips that exist already");
            }
            ofVotes();
            return ExitStatus.OK;
        }
        ContestSettings settings = new ConfigReader().read(Machine.locate(config), overrides, ContestSettings.class);
        List<Contestant> contestants = contestants();
        Outcome outcome;
        try (TerminalProgress progress = new TerminalProgress()) {
            outcome = new Contest(settings, out, progress).run(contestants);
        }
        AtomicFiles.write(
                out.resolve("config.yaml"), ResolvedConfig.yaml(settings).getBytes(StandardCharsets.UTF_8));
        Path page = ContestPages.write(out, settings, outcome);
        Map<String, Object> facts = new LinkedHashMap<>(outcome.matrix().facts());
        facts.put("page", page.toString());
        results.print(facts, ContestPages.text(outcome) + System.lineSeparator() + "look and listen: " + page);
        return ExitStatus.OK;
    }

    /** The models by name; all are looked at before the first generates. */
    private List<Contestant> contestants() throws IOException {
        if (models.isEmpty()) {
            throw new IllegalArgumentException("no model is named: give checkpoints, the base first, or --votes");
        }
        List<Contestant> contestants = new ArrayList<>();
        for (String model : models) {
            int equals = model.indexOf('=');
            Path path = Path.of(equals < 0 ? model : model.substring(equals + 1));
            Path checkpoint = Machine.locate(path);
            CheckpointInfo.of(checkpoint);
            contestants.add(Contestant.of(
                    equals < 0 ? String.valueOf(path.normalize().getFileName()) : model.substring(0, equals),
                    checkpoint));
        }
        return contestants;
    }

    private void ofVotes() throws IOException {
        List<Vote> given = VoteFiles.read(votes, filter.filter()).stream()
                .map(VoteFiles.Entry::vote)
                .toList();
        JudgementMatrix matrix = JudgementMatrix.of(given, List.of());
        if (matrix.pairs().isEmpty()) {
            throw new InvalidFileException(votes, "holds no vote on clips of two named systems that the filters keep");
        }
        Contest.write(out.resolve(Contest.MATRIX), matrix.facts());
        Path page = ContestPages.write(
                out,
                String.format(
                        Locale.ROOT,
                        "%d votes of %d raters, from %s.",
                        given.size(),
                        given.stream().map(Vote::rater).distinct().count(),
                        votes.getFileName()),
                matrix);
        Map<String, Object> facts = new LinkedHashMap<>(matrix.facts());
        facts.put("page", page.toString());
        results.print(facts, ContestPages.text(matrix) + System.lineSeparator() + "look: " + page);
    }
}
