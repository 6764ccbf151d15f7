package org.encore.app.commands;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.encore.app.commands.AccuracyCommand.AccuracyText;
import org.encore.app.commands.ConfigOptions.RequiredConfig;
import org.encore.app.commands.PreferenceTrainCommand.NetworkRun;
import org.encore.app.runs.Machine;
import org.encore.app.runs.RunSession;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.AtomicFiles;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.Clip;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.preferences.VoteFilter;
import org.encore.preferences.comparisons.ComparisonSet;
import org.encore.preferences.comparisons.PairMetrics;
import org.encore.preferences.simulation.ClipTable;
import org.encore.preferences.training.NetworkTraining;
import org.encore.preferences.training.PreferenceLearner;
import org.encore.preferences.training.PreferenceLearner.Ablation;
import org.encore.preferences.training.PreferenceLearner.PreferenceTrainSettings;
import org.encore.rewards.CheckedReward;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.specs.RewardKinds;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.statistics.Interval;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a preference network with one thing left out at a time, and compares them with single scores in one table. */
@Command(
        name = "ablate",
        description = "Trains a preference network with one thing left out at a time, and compares them with single"
                + " scores in one table.")
public final class AblateCommand implements Callable<Integer> {
    private static final long NOTHING_LEARNED = -1;

    @Mixin
    private RequiredConfig config;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Directory of the runs; runs that are there already are resumed or kept.")
    private Path out;

    @Option(
            names = "--reward",
            paramLabel = "DIR",
            defaultValue = "checkpoints/rewards/adherence,checkpoints/rewards/quality",
            split = ",",
            description = "Learned rewards whose scores alone are compared, too.")
    private List<Path> rewards;

    @Mixin
    private Results results;

    /**
     * The metrics of a predictor of votes.
     *
     * @param score its scores of the held-out clips
     * @param steps number of updates, -1 if it is not a network
     * @param metrics on held-out votes
     * @param difference its accuracy minus that of the first predictor
     */
    private record Row(SingleScore score, long steps, PairMetrics metrics, Interval difference) {
        private boolean isNetwork() {
            return steps != NOTHING_LEARNED;
        }
    }

    @Override
    public Integer call() throws IOException {
        PreferenceTrainSettings settings = config.read(PreferenceTrainSettings.class);
        for (Path reward : rewards) {
            RewardKinds.of(RewardDirectory.open(Machine.locate(reward)));
        }
        if (!(settings.learner() instanceof PreferenceLearner.Network network)) {
            throw new IllegalArgumentException("learner.kind is measures, but ablation needs a network");
        }
        VoteFilter filter = new VoteFilter(false, settings.pairs().minListeningSeconds(), Set.of());
        Path heldOutFile = Machine.locate(settings.pairs().heldOut().orElseThrow());
        ComparisonSet heldOut = ComparisonSet.read(heldOutFile, filter);
        NetworkTraining.Votes votes = new NetworkTraining.Votes(
                ComparisonSet.read(Machine.locate(settings.pairs().train()), filter), heldOut);
        List<Row> rows = new ArrayList<>();
        for (Ablation.Variant variant : Ablation.of(network)) {
            PreferenceTrainSettings own =
                    new PreferenceTrainSettings(settings.seed(), settings.pairs(), variant.network());
            long steps = variant.network().training().steps();
            SingleScore score = new SingleScore(variant.name(), variant.description(), trained(own, variant, votes));
            add(rows, score, steps, heldOut);
        }
        for (Path reward : rewards) {
            add(rows, SingleScore.of(reward, heldOut), NOTHING_LEARNED, heldOut);
        }
        SingleScore.found(heldOutFile.resolveSibling(ClipTable.FILE), heldOut)
                .forEach(score -> add(rows, score, NOTHING_LEARNED, heldOut));
        Map<String, Object> facts = facts(rows, votes);
        AtomicFiles.write(
                out.resolve("ablation.json"),
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(facts));
        results.print(facts, text(rows));
        return ExitStatus.OK;
    }

    private static void add(List<Row> rows, SingleScore score, long steps, ComparisonSet heldOut) {
        SingleScore first = rows.isEmpty() ? score : rows.get(0).score;
        rows.add(new Row(
                score,
                steps,
                PairMetrics.of(heldOut, score.values()),
                PairMetrics.accuracyDifference(heldOut, score.values(), first.values())));
    }

    private double[] trained(PreferenceTrainSettings settings, Ablation.Variant variant, NetworkTraining.Votes votes)
            throws IOException {
        Path directory = out.resolve(variant.name());
        boolean begun = Files.exists(directory.resolve("config.yaml"));
        String command = config.commandLine("preferences ablate") + " --out " + Machine.quoted(out.toString());
        RunSession.Place place = new RunSession.Place(
                begun ? Optional.empty() : Optional.of(directory),
                begun ? Optional.of(directory) : Optional.empty(),
                variant.name(),
                command,
                run -> command);
        List<double[]> scores = new ArrayList<>();
        RunSession.run(
                place,
                settings,
                session -> scores.add(new NetworkRun(results, session.command())
                        .run(settings, variant.network(), votes, session)
                        .scores()));
        return scores.get(0);
    }

    private static Map<String, Object> facts(List<Row> rows, NetworkTraining.Votes votes) {
        List<Map<String, Object>> table = new ArrayList<>();
        for (Row row : rows) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("name", row.score.name());
            facts.put("description", row.score.description());
            facts.put("steps", row.isNetwork() ? row.steps : null);
            facts.putAll(AccuracyText.of(row.metrics));
            facts.put("difference", row.difference.value());
            facts.put("difference_low", row.difference.low());
            facts.put("difference_high", row.difference.high());
            table.add(facts);
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("train_votes", votes.train().comparisons().size());
        facts.put("held_out_votes", votes.heldOut().comparisons().size());
        facts.put("rows", table);
        return facts;
    }

    private static String text(List<Row> rows) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%-46s %6s  %-26s %-10s %s",
                "predictor",
                "steps",
                "accuracy on held-out votes",
                "log loss",
                "points more than the first"));
        lines.add(line(rows.get(0), "-"));
        for (Row row : rows.subList(1, rows.size())) {
            String points = String.format(
                    Locale.ROOT,
                    "%+.1f [%+.1f, %+.1f]",
                    100.0 * row.difference.value(),
                    100.0 * row.difference.low(),
                    100.0 * row.difference.high());
            lines.add(line(row, points));
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static String line(Row row, String points) {
        Interval accuracy = row.metrics.accuracy();
        return String.format(
                Locale.ROOT,
                "%-46s %6s  %.1f %% [%.1f %%, %.1f %%]     %-10s %s",
                row.score.description(),
                row.isNetwork() ? row.steps : "-",
                100.0 * accuracy.value(),
                100.0 * accuracy.low(),
                100.0 * accuracy.high(),
                row.isNetwork() ? String.format(Locale.ROOT, "%.4f", row.metrics.logLoss()) : "-",
                points);
    }

    /**
     * A predictor of votes: the clip with the higher score wins.
     *
     * @param name of the score
     * @param description in words, for a table
     * @param values score of each clip
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record SingleScore(String name, String description, double[] values) {
        private static final int BATCH = 32;

        /** The scores of simulated raters; empty if there is no such table. */
        static List<SingleScore> found(Path table, ComparisonSet votes) throws IOException {
            if (!Files.isRegularFile(table)) {
                return List.of();
            }
            ClipTable found = ClipTable.read(table);
            List<SingleScore> scores = new ArrayList<>();
            for (String name : found.names()) {
                String description = name.equals(ClipTable.UTILITY)
                        ? "mean taste of the raters: the ceiling"
                        : "taste alone: " + name + " as simulated raters measure it";
                double[] values = votes.clips().stream()
                        .mapToDouble(clip -> found.score(clip.file(), name))
                        .toArray();
                scores.add(new SingleScore(name, description, values));
            }
            return scores;
        }

        /**
         * The scores of a learned reward for the rendered clips; its mean score where it abstains.
         *
         * @param directory directory of the reward
         */
        static SingleScore of(Path directory, ComparisonSet votes) {
            Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());
            RewardModel reward = RewardKinds.open(directory.getFileName().toString(), Machine.locate(directory));
            double[] values = new double[votes.clips().size()];
            try (TerminalProgress progress = new TerminalProgress()) {
                for (int first = 0; first < values.length; first += BATCH) {
                    int end = Math.min(first + BATCH, values.length);
                    List<Score> scores = CheckedReward.score(
                            reward,
                            votes.clips().subList(first, end).stream()
                                    .map(clip -> sample(clip, synthesiser))
                                    .toList());
                    for (int clip = first; clip < end; clip++) {
                        Score score = scores.get(clip - first);
                        values[clip] = score.abstains() ? Double.NaN : score.value();
                    }
                    progress.step("scoring", end, values.length, reward.id());
                }
            }
            double mean = Arrays.stream(values)
                    .filter(value -> !Double.isNaN(value))
                    .average()
                    .orElse(0.0);
            double[] filled = Arrays.stream(values)
                    .map(value -> Double.isNaN(value) ? mean : value)
                    .toArray();
            return new SingleScore("reward-" + reward.id(), "learned reward alone: " + reward.id(), filled);
        }

        private static Sample sample(ComparisonSet.Clip clip, Synthesiser synthesiser) {
            return Sample.of(
                    new Prompt(clip.prompt(), Attributes.NONE),
                    Clip.of(clip.piece(), () -> synthesiser.render(clip.piece())));
        }
    }
}
