package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.preferences.comparisons.ComparisonSet;
import org.encore.preferences.comparisons.PairMetrics;
import org.encore.preferences.comparisons.PairMetrics.Slices;
import org.encore.rewards.preference.PreferenceModel;
import org.encore.rewards.preference.PreferenceModel.PreferenceModels;
import org.encore.rewards.preference.PreferenceReward.ClipScores;
import org.encore.statistics.Interval;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the accuracy of a preference model on votes. */
@Command(name = "accuracy", description = "Prints the accuracy of a preference model on votes on pairs of clips.")
public final class AccuracyCommand implements Callable<Integer> {
    @Option(names = "--model", paramLabel = "DIR", required = true, description = "The preference model.")
    private Path model;

    @Option(
            names = "--pairs",
            paramLabel = "FILE",
            required = true,
            description = "Votes as lines of JSON, or a database; clips are MIDI files, relative to the file,"
                    + " or WAV files with a MIDI file of that name beside them.")
    private Path pairs;

    @Mixin
    private FilterOptions filter;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        try (PreferenceModel preference = PreferenceModels.load(Machine.locate(model))) {
            ComparisonSet set = ComparisonSet.read(pairs, filter.filter());
            double[] scores = new ClipScores(preference)
                    .of(set.clips().stream()
                            .map(clip -> new ClipScores.PromptedClip(clip.prompt(), clip))
                            .toList());
            if (set.strict().isEmpty()) {
                throw new IllegalArgumentException(
                        "all " + set.comparisons().size() + " votes are ties, but accuracy is over strict votes");
            }
            PairMetrics metrics = PairMetrics.of(set, scores);
            Map<String, Object> facts = new LinkedHashMap<>(AccuracyText.of(metrics));
            facts.put("ties", set.comparisons().size() - metrics.pairs());
            facts.put("clips", set.clips().size());
            facts.put("slices", AccuracyText.slices(set, scores));
            results.print(facts, AccuracyText.text(metrics));
            if (metrics.isAtChance()) {
                results.note("this is no better than chance: the interval reaches down to one half");
            }
        }
        return ExitStatus.OK;
    }

    /** Accuracy of a model on votes, for JSON and as text. */
    static final class AccuracyText {
        private AccuracyText() {}

        static Map<String, Object> of(PairMetrics metrics) {
            Interval interval = metrics.accuracy();
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("pairs", metrics.pairs());
            facts.put("accuracy", interval.value());
            facts.put("accuracy_low", interval.low());
            facts.put("accuracy_high", interval.high());
            facts.put("margin", metrics.margin());
            facts.put("log_loss", metrics.logLoss());
            facts.put("ece", metrics.calibrationError());
            facts.put("at_chance", metrics.isAtChance());
            return facts;
        }

        /** Accuracy on subsets of the votes. */
        static Map<String, Object> slices(ComparisonSet set, double[] scores) {
            double[] seconds = set.clips().stream()
                    .mapToDouble(ComparisonSet.Clip::seconds)
                    .toArray();
            Map<String, Object> slices = new LinkedHashMap<>();
            slices.put("confidence", accuracies(Slices.byConfidence(set.comparisons(), scores)));
            slices.put("length", accuracies(Slices.byLength(set.comparisons(), scores, seconds)));
            slices.put("rater", accuracies(Slices.byRater(set.comparisons(), scores)));
            return slices;
        }

        static String text(PairMetrics metrics) {
            Interval interval = metrics.accuracy();
            return String.format(
                    Locale.ROOT,
                    "accuracy %.1f %% [%.1f %%, %.1f %%] on %d strict votes, log loss %.4f nats (chance 0.6931),"
                            + " calibration error %.3f",
                    100.0 * interval.value(),
                    100.0 * interval.low(),
                    100.0 * interval.high(),
                    metrics.pairs(),
                    metrics.logLoss(),
                    metrics.calibrationError());
        }

        private static Map<String, Object> accuracies(Map<String, PairMetrics> slices) {
            Map<String, Object> facts = new LinkedHashMap<>();
            slices.forEach((name, metrics) -> {
                Map<String, Object> slice = new LinkedHashMap<>();
                slice.put("pairs", metrics.pairs());
                slice.put("accuracy", metrics.accuracy().value());
                facts.put(name, slice);
            });
            return facts;
        }
    }
}
