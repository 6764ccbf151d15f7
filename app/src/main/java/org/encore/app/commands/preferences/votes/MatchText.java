package org.encore.app.commands.preferences.votes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.encore.preferences.statistics.Match;

/** What came of the matches of systems, each told from the side of whichever won more votes. */
public final class MatchText {
    private MatchText() {}

    /** For programs. */
    public static List<Map<String, Object>> facts(List<Match> matches) {
        List<Map<String, Object>> facts = new ArrayList<>();
        for (Match each : matches) {
            Match match = told(each);
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("winner", match.first());
            one.put("against", match.second());
            one.put("wins", match.wins());
            one.put("ties", match.ties());
            one.put("losses", match.losses());
            one.put("win_rate", match.wins() == 0 ? null : AgreementText.interval(match.winRate()));
            facts.add(one);
        }
        return facts;
    }

    /** For people: a line each, with a line feed before it. */
    public static String lines(List<Match> matches) {
        StringBuilder text = new StringBuilder();
        for (Match each : matches) {
            Match match = told(each);
            text.append(String.format(
                    Locale.ROOT,
                    "%n%s against %s: %d wins, %d ties, %d losses",
                    match.first(),
                    match.second(),
                    match.wins(),
                    match.ties(),
                    match.losses()));
            if (match.wins() > 0) {
                text.append(String.format(
                        Locale.ROOT,
                        "; %.1f %% [%.1f %%, %.1f %%] of what was decided",
                        100.0 * match.winRate().value(),
                        100.0 * match.winRate().low(),
                        100.0 * match.winRate().high()));
            }
        }
        return text.toString();
    }

    private static Match told(Match match) {
        return match.losses() > match.wins() ? match.reversed() : match;
    }
}
