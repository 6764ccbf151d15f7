package org.encore.app.commands.preferences.learning;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.commands.preferences.votes.FilterOptions;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.preferences.comparisons.ComparisonSet;
import org.encore.preferences.comparisons.PairMetrics;
import org.encore.rewards.preference.PreferenceModel;
import org.encore.rewards.preference.PreferenceModel.PreferenceModels;
import org.encore.rewards.preference.PreferenceReward.PieceScores;
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
            double[] scores = new PieceScores(preference)
                    .of(set.clips().stream()
                            .map(clip -> new PieceScores.PromptedPiece(clip.prompt(), clip.piece()))
                            .toList());
            if (set.strict().isEmpty()) {
                throw new IllegalArgumentException(
                        "all " + set.comparisons().size() + " votes are ties, but accuracy is over strict votes");
            }
            PairMetrics metrics = PairMetrics.of(set.comparisons(), scores);
            Map<String, Object> facts = new LinkedHashMap<>(AccuracyText.of(metrics));
            facts.put("ties", set.comparisons().size() - metrics.pairs());
            facts.put("clips", set.clips().size());
            facts.put("slices", AccuracyText.slices(set, scores));
            results.print(facts, AccuracyText.text(metrics));
            if (AccuracyText.isAtChance(metrics)) {
                results.remark("this is no better than chance: the interval reaches down to one half");
            }
        }
        return ExitStatus.OK;
    }
}
