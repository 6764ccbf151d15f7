package org.encore.preferences.listening.page;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.listening.ListeningSettings;
import org.encore.preferences.listening.ListeningTest;
import org.encore.preferences.listening.clips.ClipSource;
import org.encore.preferences.statistics.Contest;
import org.encore.preferences.statistics.PositionBias;
import org.encore.preferences.statistics.VoteReport;
import org.encore.preferences.statistics.VoteReport.Grouping;
import org.encore.preferences.store.Ballot.Shown;
import org.encore.preferences.store.PreferenceStore.StoredVote;
import org.encore.statistics.Interval;
import org.encore.web.Json;
import org.encore.web.RateLimits;
import org.encore.web.Refusal;
import org.encore.web.Refusal.Reason;
import org.encore.web.Secrets;

/** The requests of the organiser's page; each must carry the organiser's token. */
final class OrganiserRoutes {
    private static final String BEARER = "Bearer ";

    private final ListeningTest test;
    private final String token;
    private final RateLimits requests;
    private Map<String, Object> evaluation = Map.of();
    private int evaluatedVotes = -1;

    OrganiserRoutes(ListeningTest test, String token, Clock clock) {
        this.test = test;
        this.token = token;
        this.requests = new RateLimits(test.settings().server().limits().requestsPerMinute(), clock);
    }

    void addTo(RoutesConfig routes) {
        routes.get("/api/organiser/summary", this::summary);
    }

    private void summary(Context request) throws IOException {
        requireToken(request);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("title", test.settings().page().title());
        answer.put("session", test.settings().session());
        answer.put("question", test.settings().page().question());
        answer.put("pairs", test.deck().size());
        answer.put("complete", test.deck().complete());
        answer.put("votesPerPair", test.settings().rules().votesPerPair());
        answer.put("allLaidOut", test.isAllLaidOut());
        answer.put("present", test.listeners());
        answer.putAll(votes());
        Json.write(request, 200, answer);
    }

    /** Evaluates again after new votes, for one request at a time. */
    private synchronized Map<String, Object> votes() throws IOException {
        int counted = test.changes();
        if (counted != evaluatedVotes) {
            String session = test.settings().session();
            List<StoredVote> votes = test.store().votes().stream()
                    .filter(vote -> vote.session().equals(session))
                    .toList();
            Map<String, Boolean> headphones =
                    test.store().headphones(test.store().session(session));
            evaluation = new OrganiserSummary(test.settings(), votes, headphones).facts();
            evaluatedVotes = counted;
        }
        return evaluation;
    }

    private void requireToken(Context request) {
        requests.count(request.ip());
        String shown = request.header("Authorization");
        if (shown == null || !shown.startsWith(BEARER) || !Secrets.same(token, shown.substring(BEARER.length()))) {
            throw Refusal.of(
                    Reason.UNKNOWN_CLIENT,
                    "Open the organiser's link as it was printed when the test was started; it ends in a token.");
        }
    }

    /**
     * Statistics of the votes of a session, for the organiser's page.
     *
     * @param settings of the test
     * @param stored the session's votes
     * @param headphones by listener, whether they passed the check; who had none is left out
     */
    record OrganiserSummary(ListeningSettings settings, List<StoredVote> stored, Map<String, Boolean> headphones) {
        /** Fewer than on the command line, because the page polls. */
        private static final int REPLICATES = 200;

        Map<String, Object> facts() {
            List<Vote> votes = stored.stream().map(StoredVote::vote).toList();
            VoteReport report = VoteReport.of(
                    votes,
                    new VoteReport.Settings(Contest.By.SYSTEM, Grouping.natural(votes), REPLICATES, settings.seed()));
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("votes", report.votes());
            facts.put("raters", report.raters());
            Map<String, Object> opinions = new LinkedHashMap<>();
            opinions.put("tie", report.opinions().get(Preference.TIE));
            opinions.put("bothBad", report.opinions().get(Preference.BOTH_BAD));
            opinions.put("skip", report.opinions().get(Preference.SKIP));
            facts.put("opinions", opinions);
            facts.put("agreement", agreement(report));
            facts.put("sides", sides());
            facts.put(
                    "ranking",
                    report.ranking().stream().map(OrganiserSummary::ranked).toList());
            facts.put("matches", matches(votes));
            facts.put("listeners", listeners(votes));
            return facts;
        }

        private static Map<String, Object> agreement(VoteReport report) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("sharedPairs", report.agreement().sharedPairs());
            facts.put("share", finite(report.agreement().agreement()));
            facts.put("kappa", finite(report.agreement().kappa()));
            facts.put("alpha", finite(report.agreement().alpha()));
            report.ceiling().ifPresent(ceiling -> facts.put("ceiling", ceiling));
            return facts;
        }

        /** How often A and B on the page were preferred, and alarms where raters judge the place. */
        private Map<String, Object> sides() {
            PositionBias bias = PositionBias.of(stored.stream()
                    .filter(each -> each.shownFirst().isPresent())
                    .map(each ->
                            each.shownFirst().get() == Shown.B ? each.vote().mirrored() : each.vote())
                    .toList());
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("strict", bias.strict());
            if (bias.strict() > 0) {
                facts.put("first", Interval.ofShare(bias.first(), bias.strict()));
            }
            facts.put("alarms", bias.alarms());
            return facts;
        }

        private static Map<String, Object> ranked(VoteReport.Ranked each) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("system", each.item());
            facts.put("votes", each.games());
            facts.put("strength", each.strength());
            facts.put("winShare", each.winShare());
            return facts;
        }

        private List<Map<String, Object>> matches(List<Vote> votes) {
            List<Map<String, Object>> matches = new ArrayList<>();
            List<String> systems =
                    settings.systems().stream().map(ClipSource::name).toList();
            for (int i = 0; i < systems.size(); i++) {
                for (int j = i + 1; j < systems.size(); j++) {
                    matches.add(match(systems.get(i), systems.get(j), votes));
                }
            }
            return matches;
        }

        private static Map<String, Object> match(String one, String other, List<Vote> votes) {
            Map<Preference, Integer> counts = new EnumMap<>(Preference.class);
            for (Vote vote : votes) {
                if (vote.a().system().equals(one) && vote.b().system().equals(other)) {
                    counts.merge(vote.preferred(), 1, Integer::sum);
                } else if (vote.a().system().equals(other) && vote.b().system().equals(one)) {
                    counts.merge(vote.preferred().mirrored(), 1, Integer::sum);
                }
            }
            int wins = counts.getOrDefault(Preference.A, 0);
            int losses = counts.getOrDefault(Preference.B, 0);
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("a", one);
            facts.put("b", other);
            facts.put("wins", wins);
            facts.put("ties", counts.getOrDefault(Preference.TIE, 0));
            facts.put("bothBad", counts.getOrDefault(Preference.BOTH_BAD, 0));
            facts.put("losses", losses);
            facts.put("skips", counts.getOrDefault(Preference.SKIP, 0));
            if (wins + losses > 0) {
                facts.put("winRate", Interval.ofShare(wins, wins + losses));
            }
            return facts;
        }

        private List<Map<String, Object>> listeners(List<Vote> votes) {
            SortedMap<String, List<Vote>> byRater = new TreeMap<>();
            votes.forEach(vote -> byRater.computeIfAbsent(vote.rater(), unused -> new ArrayList<>())
                    .add(vote));
            List<Map<String, Object>> listeners = new ArrayList<>();
            byRater.forEach((name, given) -> {
                Map<String, Object> facts = new LinkedHashMap<>();
                facts.put("name", name);
                facts.put("votes", given.size());
                facts.put(
                        "skips",
                        given.stream()
                                .filter(vote -> vote.preferred() == Preference.SKIP)
                                .count());
                facts.put(
                        "strict",
                        given.stream()
                                .filter(vote -> vote.preferred().isStrict())
                                .count());
                facts.put(
                        "heardSeconds",
                        given.stream()
                                .mapToDouble(vote -> vote.a().listenedSeconds().orElse(0.0)
                                        + vote.b().listenedSeconds().orElse(0.0))
                                .average()
                                .orElse(0.0));
                facts.put("headphones", headphones.get(name));
                listeners.add(facts);
            });
            return listeners;
        }

        private static Double finite(double value) {
            return Double.isFinite(value) ? value : null;
        }
    }
}
