package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.base.files.InvalidFileException;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.comparisons.Ratings;
import org.encore.preferences.comparisons.VoteFiles;
import org.encore.preferences.statistics.Contest;
import org.encore.preferences.statistics.Contest.Match;
import org.encore.preferences.statistics.PositionBias;
import org.encore.preferences.statistics.RatingReport;
import org.encore.preferences.statistics.VoteReport;
import org.encore.preferences.statistics.VoteReport.Grouping;
import org.encore.statistics.AccuracyCeiling;
import org.encore.statistics.Agreement;
import org.encore.statistics.Interval.SampleSize;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Analyses votes: strengths, agreement of raters, ceiling. */
@Command(
        name = "agreement",
        description = "Analyses votes: strengths with intervals, agreement of raters, the ceiling of any predictor.")
public final class AgreementCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "SOURCE",
            description = "A database of votes, a file of votes, or ratings of systems on common prompts.")
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
            description = "Votes that vary together, for the intervals: ${COMPLETION-CANDIDATES}"
                    + " (default: raters if there are 10, prompts if there are 10, both if both, else votes).")
    private Grouping grouping;

    @Option(
            names = "--replicates",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Replicates of the bootstrap for the ceiling, at least 100.")
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
        List<VoteFiles.Entry> entries = ratings.isPresent()
                ? ratings.get().votes().stream().map(VoteFiles.Entry::of).toList()
                : VoteFiles.read(source, filter.filter());
        List<Vote> votes = entries.stream().map(VoteFiles.Entry::vote).toList();
        if (votes.isEmpty()) {
            throw new InvalidFileException(source, "holds no vote that the filters keep");
        }
        VoteReport.Settings settings = new VoteReport.Settings(
                by == null ? Contest.By.natural(votes) : by,
                grouping == null ? Grouping.natural(votes) : grouping,
                replicates,
                seed);
        AgreementText text = new AgreementText(VoteReport.of(votes, settings), settings, halfWidth, needed);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("source", source.toString());
        facts.putAll(text.facts());
        List<Match> matches = settings.by() == Contest.By.SYSTEM ? Match.of(votes, Contest.By.SYSTEM) : List.of();
        facts.put("matches", MatchText.facts(matches));
        ratings.ifPresent(each -> facts.put("ratings", ratingFacts(each)));
        RatingReport opinions = RatingReport.of(votes);
        if (opinions.votes() > 0) {
            facts.put("opinion_scores", opinions);
        }
        Optional<PositionBias> bias = ratings.isPresent()
                ? Optional.empty()
                : Optional.of(PositionBias.of(entries.stream()
                        .flatMap(entry -> entry.shown().stream())
                        .toList()));
        bias.ifPresent(each -> facts.put("position", positionFacts(each)));
        results.print(
                facts,
                text.text()
                        + bias.map(AgreementCommand::positionText).orElse("")
                        + MatchText.lines(matches)
                        + ratings.map(AgreementCommand::ratingText).orElse("")
                        + opinionText(opinions));
        return ExitStatus.OK;
    }

    private static Map<String, Object> positionFacts(PositionBias bias) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("first", bias.first());
        facts.put("strict", bias.strict());
        facts.put("left_out", bias.unfair());
        facts.put("p", bias.corrected());
        facts.put("alarms", bias.alarms());
        return facts;
    }

    private static String positionText(PositionBias bias) {
        if (bias.strict() + bias.unfair() == 0) {
            return AgreementText.line("%nposition bias: unknown, because nothing says which clip was shown first");
        }
        StringBuilder text = new StringBuilder(AgreementText.line(
                "%nthe clip shown first was preferred in %d of %d strict votes; corrected p = %.2g%s",
                bias.first(),
                bias.strict(),
                bias.corrected(),
                bias.unfair() == 0
                        ? ""
                        : AgreementText.line(
                                " (%d left out: of their two systems, one was nearly always first)", bias.unfair())));
        bias.alarms().forEach(alarm -> text.append(AgreementText.line("%nALARM: %s", alarm)));
        return text.toString();
    }

    private static String opinionText(RatingReport opinions) {
        StringBuilder text = new StringBuilder();
        if (opinions.votes() > 0) {
            text.append(AgreementText.line("%nmean opinion scores (1 to 5):"));
        }
        opinions.scores()
                .forEach(score -> text.append(AgreementText.line(
                        "%n  %-32s %5.2f [%.2f, %.2f] (%d ratings)",
                        score.system(),
                        score.mean().value(),
                        score.mean().low(),
                        score.mean().high(),
                        score.ratings())));
        opinions.duels()
                .forEach(duel -> text.append(AgreementText.line(
                        "%n  %s against %s: %d wins, %d ties, %d losses by rating; difference %+.2f [%+.2f, %+.2f];"
                                + " Wilcoxon p = %.2g, corrected %.2g",
                        duel.first(),
                        duel.second(),
                        duel.wins(),
                        duel.ties(),
                        duel.losses(),
                        duel.difference().value(),
                        duel.difference().low(),
                        duel.difference().high(),
                        duel.test().p(),
                        duel.corrected())));
        return text.toString();
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

    /**
     * A report on votes, for JSON and as text.
     *
     * @param report the statistics
     * @param settings settings of the statistics
     * @param halfWidth wanted half width of the interval of a win rate
     * @param needed votes on two systems that such an interval needs
     */
    public record AgreementText(VoteReport report, VoteReport.Settings settings, double halfWidth, long needed) {
        private static final int MOST_ROWS = 40;

        Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("votes", report.votes());
            facts.put("raters", report.raters());
            facts.put("prompts", report.prompts());
            Map<String, Object> opinions = new LinkedHashMap<>();
            report.opinions().forEach((preference, count) -> opinions.put(preference.key(), count));
            facts.put("opinions", opinions);
            facts.put("contradictions", report.contradictions());
            facts.put("shared_pairs", report.agreement().sharedPairs());
            facts.put("agreement", finite(report.agreement().agreement()));
            facts.put("cohen_kappa", finite(report.agreement().kappa()));
            facts.put("krippendorff_alpha", finite(report.agreement().alpha()));
            facts.put("ceiling", report.ceiling().orElse(null));
            facts.put("by", settings.by().name().toLowerCase(Locale.ROOT));
            facts.put("resampled", settings.grouping().name().toLowerCase(Locale.ROOT));
            facts.put("davidson_tie", finite(report.tie()));
            facts.put("ranking", report.ranking().stream().map(this::ranked).toList());
            facts.put("wanted_half_width", halfWidth);
            facts.put("votes_for_win_rate", needed);
            facts.put("votes_for_ranking", votesForRanking().orElse(null));
            return facts;
        }

        String text() {
            List<String> lines = new ArrayList<>();
            lines.add(line(
                    "%d votes of %d raters on %d prompts: %s",
                    report.votes(), report.raters(), report.prompts(), opinions()));
            if (report.contradictions() > 0) {
                lines.add(line(
                        "contradictions: %d times a rater preferred one clip of a pair and, in another vote, the other; all"
                                + " of these votes count",
                        report.contradictions()));
            }
            lines.add(
                    Double.isNaN(report.agreement().agreement())
                            ? line(
                                    "pairs with several raters: %d; no two raters preferred a clip of the same pair, so that"
                                            + " agreement is not known",
                                    report.agreement().sharedPairs())
                            : line(
                                    "pairs with several raters: %d; they agree on %s of strict votes, Cohen's kappa %s,"
                                            + " Krippendorff's alpha %s",
                                    report.agreement().sharedPairs(),
                                    percent(report.agreement().agreement()),
                                    number(report.agreement().kappa()),
                                    number(report.agreement().alpha())));
            lines.add(report.ceiling()
                    .map(ceiling -> line(
                            "ceiling of any predictor that knows the clips alone, on strict votes: %s [%s, %s]",
                            percent(ceiling.value()), percent(ceiling.low()), percent(ceiling.high())))
                    .orElse(line(
                            "ceiling: unknown, because it needs %d couples of strict votes of different raters on one"
                                    + " clip",
                            AccuracyCeiling.FEWEST_COUPLES)));
            lines.add(ranking());
            lines.add(line(
                    "a 95 %% interval of +-%.3g of a win rate needs %d strict votes on the two systems%s",
                    halfWidth,
                    needed,
                    votesForRanking()
                            .map(votes -> line("; of all win shares above, %d votes like these", votes))
                            .orElse("")));
            return String.join(System.lineSeparator(), lines);
        }

        static String line(String format, Object... arguments) {
            return String.format(Locale.ROOT, format, arguments);
        }

        private String opinions() {
            List<String> parts = new ArrayList<>();
            for (Map.Entry<Preference, Integer> each : report.opinions().entrySet()) {
                parts.add(each.getKey().key() + " " + each.getValue());
            }
            return String.join(", ", parts);
        }

        private String ranking() {
            if (report.ranking().isEmpty()) {
                return line("no ranking: there are none or more than %d items", VoteReport.MOST_ITEMS);
            }
            StringBuilder text = new StringBuilder(line(
                    "%-32s %7s %28s %30s   (intervals of 95 %%, clusters: %s)",
                    settings.by().name().toLowerCase(Locale.ROOT),
                    "votes",
                    "strength in nats",
                    "wins against the mean item",
                    clusters()));
            for (VoteReport.Ranked each : report.ranking()
                    .subList(0, Math.min(MOST_ROWS, report.ranking().size()))) {
                text.append(line(
                        "%n%-32s %7d %10.3f [%6.3f, %6.3f] %12s [%s, %s]",
                        shortened(each.item()),
                        each.games(),
                        each.strength().value(),
                        each.strength().low(),
                        each.strength().high(),
                        percent(each.winShare().value()),
                        percent(each.winShare().low()),
                        percent(each.winShare().high())));
            }
            int left = report.ranking().size() - MOST_ROWS;
            return left > 0
                    ? text.append(line("%n… and %d more (all with --json)", left))
                            .toString()
                    : text.toString();
        }

        private String clusters() {
            return settings.grouping() == Grouping.BOTH
                    ? "raters and prompts"
                    : settings.grouping().name().toLowerCase(Locale.ROOT);
        }

        private Optional<Long> votesForRanking() {
            return report.ranking().stream()
                    .map(each -> each.winShare().halfWidth())
                    .max(Double::compare)
                    .map(widest -> SampleSize.votesForHalfWidth(report.votes(), widest, halfWidth));
        }

        private Map<String, Object> ranked(VoteReport.Ranked each) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("item", each.item());
            facts.put("votes", each.games());
            facts.put("strength", each.strength());
            facts.put("win_share", each.winShare());
            return facts;
        }

        private static Double finite(double value) {
            return Double.isFinite(value) ? value : null;
        }

        private static String number(double value) {
            return Double.isFinite(value) ? line("%.3f", value) : "unknown";
        }

        static String percent(double share) {
            return Double.isFinite(share) ? line("%.1f %%", 100.0 * share) : "unknown";
        }

        private static String shortened(String item) {
            int most = 32;
            return item.length() <= most ? item : "…" + item.substring(item.length() - most + 1);
        }
    }
}
