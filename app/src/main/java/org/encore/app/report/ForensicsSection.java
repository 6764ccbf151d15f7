package org.encore.app.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.encore.app.report.Html.Numerals;
import org.encore.base.files.InvalidFileException;
import org.encore.evaluation.forensics.RewardForensics;
import org.encore.evaluation.forensics.RewardForensics.Link;
import org.encore.evaluation.forensics.SampleLine;
import org.encore.run.RunDirectory;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;

/** Reward forensics of a run: the section of its report, and the alarms as text. */
public final class ForensicsSection {
    private static final int RESAMPLES = 500;
    private static final String[] ALARM = {"class", "note alarm"};
    private static final String[] NOTE = {"class", "note"};
    private static final String[] COLUMN = {"scope", "col"};

    private final Html html;

    private ForensicsSection(Html html) {
        this.html = html;
    }

    /** The forensics of the rewards of a run; the same run gives the same values. */
    public static List<RewardForensics> of(RunDirectory run) throws IOException {
        return RewardForensics.of(SampleLine.read(run.sampleMetrics()), new Bootstrap(RESAMPLES, 0));
    }

    /** The alarms of all rewards; empty if the run has no sample log. */
    public static List<String> alarms(RunDirectory run) throws IOException {
        return Files.isRegularFile(run.sampleMetrics())
                ? of(run).stream().flatMap(reward -> alarms(reward).stream()).toList()
                : List.of();
    }

    /** The confounders that explain the gain of a reward, one line each. */
    public static List<String> alarms(RewardForensics reward) {
        return reward.alarms().stream()
                .map(link -> String.format(
                        Locale.ROOT,
                        "reward %s: the change of %s explains %.0f %% [%.0f, %.0f] of the gain of %s",
                        reward.reward(),
                        link.metric(),
                        100 * link.explained().value(),
                        100 * link.explained().low(),
                        100 * link.explained().high(),
                        Numerals.change(reward.gain().value())))
                .toList();
    }

    /** The section; empty if the run has no sample log. */
    static Optional<SectionedPage.Part> part(RunDirectory run, Html html) throws IOException {
        Path file = run.sampleMetrics();
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Runnable content;
        try {
            List<RewardForensics> rewards = of(run);
            content = () -> new ForensicsSection(html).write(rewards);
        } catch (InvalidFileException e) {
            content = () -> html.element("p", e.getMessage(), "class", "missing");
        }
        return Optional.of(new SectionedPage.Part("forensics", "Reward forensics", content));
    }

    private void write(List<RewardForensics> rewards) {
        for (RewardForensics reward : rewards) {
            alarms(reward)
                    .forEach(alarm ->
                            html.element("p", alarm + ": listen to samples before you trust the gain.", ALARM));
        }
        for (RewardForensics reward : rewards) {
            html.element("h3", "Reward " + reward.reward());
            html.element(
                    "p",
                    String.format(
                            Locale.ROOT,
                            "From %s in the first tenth of the iterations to %s in the last: %s %s.",
                            Numerals.of(reward.start()),
                            Numerals.of(reward.end()),
                            Numerals.change(reward.gain().value()),
                            bounds(reward.gain(), 1.0)));
            html.in("div", () -> table(reward), "class", "wide");
        }
        html.element(
                "p",
                "Correlations are Spearman's over the samples of the run; brackets hold 95 % bootstrap intervals over"
                        + " samples. The last column is the share of the reward's gain that the change of the property"
                        + " predicts, by the slope within iterations; more than half of it, interval included, is an"
                        + " alarm for a confounder. The referee's metrics are not used in training.",
                NOTE);
    }

    private void table(RewardForensics reward) {
        html.in("table", () -> {
            html.in("tr", () -> {
                for (String title : List.of("Property", "Correlation", "Change", "Of the gain")) {
                    html.element("th", title, COLUMN);
                }
            });
            rows("Confounders", reward.confounders());
            Set<String> above = reward.confounders().stream().map(Link::metric).collect(Collectors.toSet());
            rows(
                    "Referee",
                    reward.referee().stream()
                            .filter(link -> !above.contains(link.metric()))
                            .toList());
        });
    }

    private void rows(String title, List<Link> links) {
        if (links.isEmpty()) {
            return;
        }
        html.in("tr", () -> html.element("th", title, "colspan", "4"));
        for (Link link : links) {
            html.in("tr", () -> {
                html.element("th", link.metric(), "scope", "row");
                html.element("td", signed(link.spearman()) + " " + bounds(link.spearman(), 1.0));
                html.element("td", signed(link.change()) + " " + bounds(link.change(), 1.0));
                html.element(
                        "td",
                        Double.isNaN(link.explained().value())
                                ? "–"
                                : percent(link.explained().value()) + " " + bounds(link.explained(), 100.0));
            });
        }
    }

    private static String signed(Interval interval) {
        return Double.isNaN(interval.value()) ? "–" : Numerals.change(interval.value());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    private static String bounds(Interval interval, double factor) {
        return Double.isNaN(interval.low())
                ? ""
                : "[" + Numerals.of(factor * interval.low()) + ", " + Numerals.of(factor * interval.high()) + "]";
    }
}
