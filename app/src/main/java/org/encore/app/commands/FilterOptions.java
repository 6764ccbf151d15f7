package org.encore.app.commands;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.encore.preferences.VoteFilter;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that say which votes count. */
public final class FilterOptions {
    @Option(
            names = "--both-heard",
            description = "Only votes of raters who listened to both clips.",
            showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private boolean bothHeard;

    @Option(
            names = "--min-listening",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Only votes of raters who listened to each clip for this long.")
    private double minListening;

    @Option(
            names = "--rater",
            paramLabel = "NAME",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Only votes of this rater. May be given several times.")
    private List<String> raters = new ArrayList<>();

    /** The filter they describe. */
    public VoteFilter filter() {
        if (!(minListening >= 0.0 && Double.isFinite(minListening))) {
            throw new IllegalArgumentException(
                    "--min-listening is " + minListening + ", but must be a finite number of seconds, at least 0");
        }
        return new VoteFilter(bothHeard, minListening, new HashSet<>(raters));
    }
}
