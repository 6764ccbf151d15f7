package org.encore.app.commands;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.encore.preferences.statistics.Contest.Match;

/** The matches between systems, each from the side of the system with more wins. */
final class MatchText {
    private MatchText() {}

    /** For JSON. */
    static List<Map<String, Object>> facts(List<Match> matches) {
        List<Map<String, Object>> facts = new ArrayList<>();
        for (Match each : matches) {
            Match match = fromWinner(each);
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("winner", match.first());
            one.put("against", match.second());
            one.put("wins", match.wins());
            one.put("ties", match.ties());
            one.put("losses", match.losses());
            one.put("win_rate", match.wins() == 0 ? null : match.winRate());
            facts.add(one);
        }
        return facts;
    }

    /** As text: one line each, with a line feed before it. */
    static String lines(List<Match> matches) {
        StringBuilder text = new StringBuilder();
        for (Match each : matches) {
            Match match = fromWinner(each);
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
                        "; %.1f %% [%.1f %%, %.1f %%] of decided votes",
                        100.0 * match.winRate().value(),
                        100.0 * match.winRate().low(),
                        100.0 * match.winRate().high()));
            }
        }
        return text.toString();
    }

    private static Match fromWinner(Match match) {
        return match.losses() > match.wins() ? match.reversed() : match;
    }
}
