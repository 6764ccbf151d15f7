package org.encore.preferences.listening.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.encore.music.audio.Loudness;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.comparisons.VoteFiles.Entry.Beside;
import org.encore.preferences.listening.ListeningSettings.Page;
import org.encore.preferences.listening.ListeningSettings.Page.Ratings;
import org.encore.preferences.listening.ListeningSettings.ServerSettings.Limits;
import org.encore.preferences.listening.ListeningTest;
import org.encore.preferences.listening.ListeningTest.ByteSpan;
import org.encore.preferences.listening.ListeningTest.Standing;
import org.encore.preferences.listening.clips.LevelCheck;
import org.encore.preferences.listening.clips.Recordings.Recording;
import org.encore.preferences.listening.turns.Listener;
import org.encore.preferences.listening.turns.Turn;
import org.encore.preferences.listening.turns.Turn.Choice;
import org.encore.preferences.listening.turns.Turn.Decision;
import org.encore.web.ByteRange;
import org.encore.web.Json;
import org.encore.web.PageServer;
import org.encore.web.RateLimits;
import org.encore.web.Refusal;
import org.encore.web.Refusal.Reason;
import org.encore.web.Secrets;

/** The requests of a listener's page. */
final class ListenerRoutes {
    private static final String COOKIE = "encore_listener";
    private static final Duration COOKIE_LIFE = Duration.ofDays(90);
    private static final int CHUNK_BYTES = 1 << 14;

    private final ListeningTest test;
    private final RateLimits requests;
    private final RateLimits joins;

    ListenerRoutes(ListeningTest test, Clock clock) {
        this.test = test;
        Limits limits = test.settings().server().limits();
        this.requests = new RateLimits(limits.requestsPerMinute(), clock);
        this.joins = new RateLimits(limits.joinsPerMinute(), clock);
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/join", this::join);
        routes.get("/api/pair", this::pair);
        routes.get("/api/clips/{id}", this::clip);
        routes.post("/api/heard", this::heard);
        routes.post("/api/votes", this::vote);
        routes.post("/api/undo", this::undo);
        routes.get("/api/level", this::level);
        routes.post("/api/begin", this::begin);
    }

    /** Keeps the identity of a listener who has joined; a new one needs the token, if there is one. */
    private void join(Context request) throws IOException {
        joins.count(request.ip());
        Optional<Listener> known = known(request);
        Listener listener;
        if (known.isPresent()) {
            listener = known.get();
        } else {
            requireToken(Json.read(request).path("token").asText(""));
            listener = test.join();
            PageServer.remember(request, COOKIE, listener.token(), COOKIE_LIFE);
        }
        Page page = test.settings().page();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("joined", true);
        answer.put("title", page.title());
        if (test.isNew(listener)) {
            answer.put("instructions", page.instructions().lines().toList());
            answer.put("consent", page.consent());
            answer.put("levelCheck", page.levelCheck());
        }
        Json.write(request, 200, answer);
    }

    /** The instructions were read; {@code consent} and {@code headphones} where the page has them. */
    private void begin(Context request) throws IOException {
        Listener listener = listener(request);
        JsonNode body = Json.read(request);
        JsonNode headphones = body.path("headphones");
        test.begin(
                listener,
                body.path("consent").asBoolean(false),
                headphones.isBoolean() ? Optional.of(headphones.booleanValue()) : Optional.empty());
        Json.write(request, 200, Map.of("begun", true));
    }

    /** The sound for the check of volume and headphones: first on one side, then on the other, as loud as the clips. */
    private void level(Context request) throws IOException {
        listener(request);
        boolean left = !"right".equals(request.queryParam("first"));
        double loudness = test.settings().rules().loudness();
        request.contentType("audio/wav").result(LevelCheck.wav(left, loudness == 0.0 ? Loudness.STANDARD : loudness));
    }

    private void undo(Context request) throws IOException {
        test.undo(listener(request));
        Json.write(request, 200, Map.of("undone", true));
    }

    private void requireToken(String token) {
        String wanted = test.settings().server().listenerToken();
        if (!wanted.isEmpty() && !Secrets.same(wanted, token)) {
            throw Refusal.of(
                    Reason.UNKNOWN_CLIENT,
                    "Open the whole link that you were sent; it ends in a token that lets you in.");
        }
    }

    private void pair(Context request) throws IOException {
        Listener listener = listener(request);
        test.requireConsent(listener);
        Standing standing = test.standing(listener);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("state", standing.state().name().toLowerCase(Locale.ROOT));
        answer.put("title", test.settings().page().title());
        answer.put("question", test.settings().page().question());
        answer.put("ratings", test.settings().page().ratings().name().toLowerCase(Locale.ROOT));
        answer.put("comments", test.settings().page().comments());
        answer.put("undo", listener.lastJudgement().isPresent());
        answer.put("judged", standing.judged());
        answer.put("skipped", standing.skipped());
        answer.put("remaining", standing.remaining());
        standing.turn().ifPresent(turn -> answer.put("pair", described(turn)));
        Json.write(request, 200, answer);
    }

    private Map<String, Object> described(Turn turn) {
        List<Map<String, Object>> clips = new ArrayList<>();
        for (int side = 0; side < 2; side++) {
            Recording recording = turn.recording(side);
            Map<String, Object> clip = new LinkedHashMap<>();
            clip.put("id", turn.clipIds().get(side));
            clip.put("seconds", recording.seconds());
            clip.put("peaks", recording.peaks());
            clip.put("needed", turn.listening().neededSeconds(side));
            clip.put("heard", turn.listening().heardSeconds().get(side));
            clips.add(clip);
        }
        Map<String, Object> pair = new LinkedHashMap<>();
        pair.put("id", turn.id());
        pair.put(
                "prompt",
                test.settings().page().showPrompts() ? turn.card().pair().prompt() : "");
        pair.put("ready", turn.listening().isEnough());
        pair.put("clips", clips);
        return pair;
    }

    private void clip(Context request) throws IOException {
        Listener listener = listener(request);
        String id = request.pathParam("id");
        Turn turn = test.turnWith(listener, id);
        int side = turn.side(id).orElseThrow();
        Recording recording = turn.recording(side);
        request.contentType("audio/wav");
        Optional<ByteRange> requested = ByteRange.answer(request, recording.length());
        if (requested.isEmpty()) {
            return;
        }
        if (request.method().equals(HandlerType.HEAD)) {
            return; // nothing is sent, so nothing counts as delivered
        }
        OutputStream out = request.outputStream();
        for (int from = requested.get().from(); from < requested.get().to(); from += CHUNK_BYTES) {
            int to = Math.min(requested.get().to(), from + CHUNK_BYTES);
            // Counted before it is sent, because the page may report the bytes as soon as it has them.
            test.delivered(listener, turn, side, new ByteSpan(from, to));
            out.write(recording.bytes(from, to));
        }
    }

    private void heard(Context request) throws IOException {
        Listener listener = listener(request);
        JsonNode body = Json.read(request);
        Turn turn = test.heard(listener, Json.text(body, "clip"), Json.number(body, "seconds"));
        Json.write(
                request,
                200,
                Map.of(
                        "heard",
                        turn.listening().heardSeconds(),
                        "ready",
                        turn.listening().isEnough()));
    }

    private void vote(Context request) throws IOException {
        Listener listener = listener(request);
        JsonNode body = Json.read(request);
        test.vote(listener, Json.text(body, "pair"), decision(body));
        Json.write(request, 201, Map.of("stored", true));
    }

    private Decision decision(JsonNode body) {
        Choice choice = choice(Json.text(body, "choice"));
        Ratings mode = test.settings().page().ratings();
        String comment = comment(body.path("comment"));
        if (choice == Choice.SKIP) {
            return new Decision(choice, List.of(), comment);
        }
        if ((choice == Choice.RATED) != (mode == Ratings.INSTEAD)) {
            throw Refusal.malformed(
                    mode == Ratings.INSTEAD
                            ? "choice must be rated or skip, because ratings decide here"
                            : "choice must be first, second, tie, both-bad or skip");
        }
        JsonNode ratings = body.path("ratings");
        if (mode == Ratings.NONE) {
            if (!ratings.isMissingNode()) {
                throw Refusal.malformed("ratings are not asked for here");
            }
            return new Decision(choice, List.of(), comment);
        }
        if (ratings.size() != 2 || !isRating(ratings.get(0)) || !isRating(ratings.get(1))) {
            throw Refusal.malformed("ratings must be two whole numbers from 1 to 5");
        }
        return new Decision(
                choice, List.of(ratings.get(0).doubleValue(), ratings.get(1).doubleValue()), comment);
    }

    private String comment(JsonNode value) {
        String comment = value.asText("").strip();
        if (!comment.isEmpty() && !test.settings().page().comments()) {
            throw Refusal.malformed("comments are not asked for here");
        }
        if (comment.length() > Beside.LONGEST_COMMENT) {
            throw Refusal.malformed("comment may have at most " + Beside.LONGEST_COMMENT + " characters");
        }
        return comment;
    }

    private static boolean isRating(JsonNode value) {
        return value.isInt() && value.intValue() >= RatedClip.WORST && value.intValue() <= RatedClip.BEST;
    }

    private static Choice choice(String name) {
        for (Choice choice : Choice.values()) {
            if (choice.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name)) {
                return choice;
            }
        }
        throw Refusal.malformed("choice must be first, second, tie, both-bad or skip");
    }

    /** The listener of a request, which counts against the rate; refused if they have not joined. */
    private Listener listener(Context request) throws IOException {
        Optional<Listener> known = known(request);
        requests.count(known.isPresent() ? known.get().token() : request.ip());
        return known.orElseThrow(
                () -> Refusal.of(Reason.UNKNOWN_CLIENT, "Load the page again to go on with the listening test."));
    }

    private Optional<Listener> known(Context request) throws IOException {
        String token = request.cookie(COOKIE);
        return token == null ? Optional.empty() : test.listener(token);
    }
}
