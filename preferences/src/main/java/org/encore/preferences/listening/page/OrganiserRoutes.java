package org.encore.preferences.listening.page;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.preferences.listening.ListeningTest;
import org.encore.preferences.listening.turns.Refusal;
import org.encore.preferences.listening.turns.Refusal.Reason;
import org.encore.preferences.listening.turns.Secrets;
import org.encore.preferences.store.StoredVote;

/** What the organiser's page can ask for; every request must show the organiser's token. */
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

    /** Evaluated anew when there are new votes, by one request at a time. */
    private synchronized Map<String, Object> votes() throws IOException {
        int counted = test.votesGiven();
        if (counted != evaluatedVotes) {
            String session = test.settings().session();
            List<StoredVote> votes = test.store().votes().stream()
                    .filter(vote -> vote.session().equals(session))
                    .toList();
            evaluation = new OrganiserSummary(test.settings(), votes).facts();
            evaluatedVotes = counted;
        }
        return evaluation;
    }

    private void requireToken(Context request) {
        requests.count(request.ip());
        String shown = request.header("Authorization");
        if (shown == null || !shown.startsWith(BEARER) || !Secrets.same(token, shown.substring(BEARER.length()))) {
            throw Refusal.of(
                    Reason.UNKNOWN_LISTENER,
                    "Open the organiser's link as it was printed when the test was started; it ends in a token.");
        }
    }
}
