package org.encore.app.commands.preferences.votes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.encore.app.commands.preferences.votes.AgreementText.MatchText;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.base.files.InvalidFileException;
import org.encore.preferences.Vote;
import org.encore.preferences.comparisons.Ratings;
import org.encore.preferences.comparisons.VoteFiles;
import org.encore.preferences.statistics.Contest;
import org.encore.preferences.statistics.Contest.Match;
import org.encore.preferences.statistics.VoteReport;
import org.encore.preferences.statistics.VoteReport.Resampling;
import org.encore.statistics.Agreement;
import org.encore.statistics.Interval.SampleSize;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what votes say and how far they agree. */
@Command(
        name = "agreement",
        description =
                "Says what votes say: strengths with intervals, agreement of raters, the ceiling of any predictor.")
public final class AgreementCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "SOURCE",
            description = "A database of judgements, a file of votes, or ratings of systems on common prompts.")
    private Path source;

    @Option(
            names = "--by",
            paramLabel = "ITEM",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "What is ranked: ${COMPLETION-CANDIDATES} (default: system if all votes name it).")
    private Contest.By by;

    @Option(
            names = "--resample",
            paramLabel = "GROUPS",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "What the bootstrap draws: ${COMPLETION-CANDIDATES}"
                    + " (default: raters if there are 20, else prompts if there are 20, else votes).")
    private Resampling resampling;

    @Option(
            names = "--replicates",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Replicates of the bootstrap, at least 100.")
    private int replicates;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Same seed, same intervals.")
    private long seed;

    @Option(
            names = "--half-width",
            paramLabel = "H",
            defaultValue = "0.05",
            description = "The interval of a win rate that is wanted, to each side; for the number of votes it needs.")
    private double halfWidth;

    @Option(
            names = "--axis",
            paramLabel = "NAME",
            defaultValue = "CE",
            description = "Of ratings: which list of a line counts.")
    private String axis;

    @Mixin
    private FilterOptions filter;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        long needed = SampleSize.votesForWinRate(halfWidth);
        Optional<Ratings> ratings = !VoteFiles.isDatabase(source) && VoteFiles.holdsRatings(source)
                ? Optional.of(VoteFiles.readRatings(source, axis))
                : Optional.empty();
        List<Vote> votes = ratings.isPresent()
                ? ratings.get().votes()
                : VoteFiles.read(source, filter.filter()).stream()
                        .map(VoteFiles.Entry::vote)
                        .toList();
        if (votes.isEmpty()) {
            throw new InvalidFileException(source, "holds no vote that the filters keep");
        }
        VoteReport.Settings settings = new VoteReport.Settings(
                by == null ? Contest.By.natural(votes) : by,
                resampling == null ? Resampling.natural(votes) : resampling,
                replicates,
                seed);
        AgreementText text = new AgreementText(VoteReport.of(votes, settings), settings, halfWidth, needed);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("source", source.toString());
        facts.putAll(text.facts());
        List<Match> matches = settings.by() == Contest.By.SYSTEM ? Match.of(votes, Contest.By.SYSTEM) : List.of();
        facts.put("matches", MatchText.facts(matches));
        ratings.ifPresent(each -> facts.put("ratings", ratingFacts(each)));
        results.print(
                facts,
                text.text()
                        + MatchText.lines(matches)
                        + ratings.map(AgreementCommand::ratingText).orElse(""));
        return ExitStatus.OK;
    }

    private static Map<String, Object> ratingFacts(Ratings ratings) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("axis", ratings.axis());
        facts.put("means", ratings.means());
        facts.put("krippendorff_alpha", alpha(ratings));
        return facts;
    }

    private static String ratingText(Ratings ratings) {
        StringBuilder text = new StringBuilder(AgreementText.line(
                "%nmean %s (Krippendorff's alpha of the ratings %.3f):", ratings.axis(), alpha(ratings)));
        ratings.means().forEach((system, mean) -> text.append(AgreementText.line("%n  %-32s %6.2f", system, mean)));
        return text.toString();
    }

    private static double alpha(Ratings ratings) {
        return Agreement.krippendorffAlpha(ratings.units(), Agreement.Distance.INTERVAL);
    }
}
