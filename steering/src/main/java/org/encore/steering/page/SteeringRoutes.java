package org.encore.steering.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.encore.music.Instrument;
import org.encore.music.Note;
import org.encore.steering.control.Dial;
import org.encore.steering.page.Music.Notes;
import org.encore.steering.page.Performance.Phrase;
import org.encore.steering.page.Performance.Take;
import org.encore.steering.page.Phrases.Curves;
import org.encore.steering.page.Phrases.Wish;
import org.encore.steering.probes.ProbeDirectory;
import org.encore.steering.probes.ProbeFit.Fitted;
import org.encore.web.ByteRange;
import org.encore.web.Json;
import org.encore.web.PageServer;
import org.encore.web.RateLimits;
import org.encore.web.Refusal;
import org.encore.web.Refusal.Reason;
import org.encore.web.Secrets;

/** The requests of the steering page. */
final class SteeringRoutes {
    private static final String COOKIE = "encore_steering";
    private static final Duration COOKIE_LIFE = Duration.ofDays(1);
    private static final int REQUESTS_PER_MINUTE = 600;
    private static final int JOINS_PER_MINUTE = 60;
    private static final int LONGEST_TEXT = 500;
    private static final double MOST_STRENGTH = 1000.0;

    private final Performance performance;
    private final ProbeDirectory probes;
    private final Map<String, Object> setting;
    private final String token;
    /** What the browser shows after it has shown the token. */
    private final String identity = Secrets.fresh();

    private final RateLimits requests;
    private final RateLimits joins;

    /** {@code setting} is what the page is told once, when it joins. */
    SteeringRoutes(
            Performance performance, ProbeDirectory probes, Map<String, Object> setting, String token, Clock clock) {
        this.performance = performance;
        this.probes = probes;
        this.setting = new LinkedHashMap<>(setting);
        this.setting.put("strength", probes.strength());
        this.setting.put("traits", probes.all().stream().map(Fitted::trait).toList());
        this.token = token;
        this.requests = new RateLimits(REQUESTS_PER_MINUTE, clock);
        this.joins = new RateLimits(JOINS_PER_MINUTE, clock);
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/join", this::join);
        routes.get("/api/piece", request -> answer(request, piece -> {}));
        routes.post("/api/next", request -> answer(request, piece -> piece.next(wish(request))));
        routes.post("/api/again", request -> answer(request, piece -> piece.again(wish(request))));
        routes.post("/api/choose", request -> answer(request, piece -> piece.choose(take(request))));
        routes.post("/api/undo", request -> answer(request, Performance::undo));
        routes.post("/api/clear", request -> answer(request, Performance::clear));
        routes.get("/api/sound/{take}", this::sound);
        routes.get("/api/piece.wav", this::wav);
        routes.get("/api/piece.mid", this::midi);
    }

    private void join(Context request) {
        joins.count(request.ip());
        if (!isKnown(request)) {
            if (!Secrets.same(token, Json.read(request).path("token").asText(""))) {
                throw Refusal.of(
                        Reason.UNKNOWN_CLIENT,
                        "Open the whole link as it was printed when the page was started; it ends in a token.");
            }
            PageServer.remember(request, COOKIE, identity, COOKIE_LIFE);
        }
        Json.write(request, 200, setting);
    }

    private boolean isKnown(Context request) {
        String shown = request.cookie(COOKIE);
        return shown != null && Secrets.same(identity, shown);
    }

    private void requireKnown(Context request) {
        requests.count(request.ip());
        if (!isKnown(request)) {
            throw Refusal.of(Reason.UNKNOWN_CLIENT, "Load the page again, by the link that was printed.");
        }
    }

    private void answer(Context request, Consumer<Performance> change) {
        requireKnown(request);
        change.accept(performance);
        Json.write(request, 200, described());
    }

    private Wish wish(Context request) {
        JsonNode body = Json.read(request);
        String text = Json.text(body, "text").strip();
        if (text.length() > LONGEST_TEXT) {
            throw Refusal.malformed("text may have at most " + LONGEST_TEXT + " characters");
        }
        double strength = Json.number(body, "strength");
        if (!(strength >= 0.0 && strength <= MOST_STRENGTH)) {
            throw Refusal.malformed("strength must lie in [0, 1000]");
        }
        JsonNode dials = body.path("dials");
        List<Dial> wanted = new ArrayList<>();
        for (Fitted each : probes.all()) {
            wanted.add(new Dial(each.trait(), OptionalDouble.of(degree(dials.path(each.trait())))));
        }
        for (Iterator<String> names = dials.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (probes.all().stream().noneMatch(each -> each.trait().equals(name))) {
                throw Refusal.malformed("dials has " + name + ", but there are no probes of it");
            }
        }
        return new Wish(text, wanted, strength);
    }

    private static double degree(JsonNode value) {
        if (value.isMissingNode()) {
            return 0.0;
        }
        if (!value.isNumber() || !(Math.abs(value.doubleValue()) <= 1.0)) {
            throw Refusal.malformed("a dial must be a number in [-1, 1]");
        }
        return value.doubleValue();
    }

    private static int take(Context request) {
        return (int) Json.number(Json.read(request), "take");
    }

    private Map<String, Object> described() {
        Performance.State state = performance.state();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("undo", state.undoable());
        performance.beginning().ifPresent(music -> answer.put("given", given(music)));
        performance.music().ifPresent(music -> {
            answer.put("seconds", music.seconds());
            if (music instanceof Notes notes) {
                answer.put("tempo", notes.piece().tempoBpm());
                answer.put("meter", notes.piece().meter().toString());
                answer.put("secondsPerTick", notes.piece().secondsPerTick());
                answer.put("secondsPerBar", notes.secondsPerBar());
                answer.put("instruments", instruments(notes));
            }
        });
        answer.put(
                "phrases",
                state.phrases().stream().map(SteeringRoutes::described).toList());
        return answer;
    }

    private Map<String, Object> given(Music music) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("seconds", music.seconds());
        facts.put("notes", music instanceof Notes notes ? listed(notes.notesFrom(0)) : List.of());
        facts.put("peaks", performance.beginningPeaks());
        return facts;
    }

    private static Map<String, Object> described(Phrase phrase) {
        Take take = phrase.take();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("take", take.id());
        facts.put("chosen", phrase.chosen());
        facts.put("takes", phrase.takes().size());
        facts.put("from", take.from());
        facts.put("to", take.to());
        facts.put("text", take.wish().text());
        facts.put("strength", take.wish().strength());
        facts.put("ended", take.played().ended());
        facts.put("peaks", take.peaks());
        if (take.played().after() instanceof Notes notes) {
            int first = take.before().map(before -> ((Notes) before).ticks()).orElse(0);
            facts.put("notes", listed(notes.notesFrom(first)));
        }
        List<Dial> dials = take.wish().dials();
        Curves curves = take.played().curves();
        List<Map<String, Object>> traits = new ArrayList<>();
        for (int d = 0; d < dials.size(); d++) {
            traits.add(trait(dials.get(d), curves, d));
        }
        facts.put("traits", traits);
        return facts;
    }

    /** A dial, where its monitor was read, and where something was added. */
    private static Map<String, Object> trait(Dial dial, Curves curves, int d) {
        List<double[]> monitor = new ArrayList<>();
        List<double[]> pushes = new ArrayList<>();
        for (int t = 0; t < curves.seconds().length; t++) {
            if (!Float.isNaN(curves.monitor()[d][t])) {
                monitor.add(new double[] {round(curves.seconds()[t]), round(curves.monitor()[d][t])});
            }
            if (curves.strength()[d][t] != 0.0f) {
                pushes.add(new double[] {round(curves.seconds()[t]), round(curves.strength()[d][t])});
            }
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", dial.trait());
        facts.put("degree", dial.degree().orElseThrow());
        facts.put("monitor", monitor);
        facts.put("pushes", pushes);
        return facts;
    }

    private static double round(double value) {
        return Math.rint(value * 1e4) / 1e4;
    }

    /** Program, onset and duration in ticks, pitch and velocity of each note. */
    private static List<int[]> listed(List<Note> notes) {
        return notes.stream()
                .map(note -> new int[] {
                    note.instrument().program(), note.onset(), note.duration(), note.pitch(), note.velocity()
                })
                .toList();
    }

    private static Map<String, String> instruments(Notes notes) {
        return notes.piece().notes().stream()
                .map(Note::instrument)
                .distinct()
                .collect(Collectors.toMap(
                        instrument -> Integer.toString(instrument.program()),
                        Instrument::name,
                        (a, b) -> a,
                        LinkedHashMap::new));
    }

    private void sound(Context request) throws IOException {
        requireKnown(request);
        String take = request.pathParam("take");
        Music music = (take.matches("[0-9]{1,18}") ? performance.with(Long.parseLong(take)) : Optional.<Music>empty())
                .orElseThrow(() -> Refusal.of(Reason.NOT_FOUND, "this take is not there any more"));
        send(request, performance.wav(music), "audio/wav");
    }

    private void wav(Context request) throws IOException {
        requireKnown(request);
        send(attached(request, "wav"), performance.wav(whole()), "audio/wav");
    }

    private void midi(Context request) throws IOException {
        requireKnown(request);
        byte[] file = Performance.midi(whole())
                .orElseThrow(() -> Refusal.of(Reason.NOT_FOUND, "this model writes sound, so there is no MIDI of it"));
        send(attached(request, "mid"), file, "audio/midi");
    }

    private Music whole() {
        return performance
                .music()
                .orElseThrow(() -> Refusal.of(Reason.TOO_EARLY, "there is no phrase yet: play one first"));
    }

    private static Context attached(Context request, String ending) {
        return request.header(
                "Content-Disposition", String.format(Locale.ROOT, "attachment; filename=\"encore.%s\"", ending));
    }

    private static void send(Context request, byte[] file, String type) throws IOException {
        request.contentType(type);
        Optional<ByteRange> range = ByteRange.answer(request, file.length);
        if (range.isPresent() && !request.method().equals(HandlerType.HEAD)) {
            request.outputStream()
                    .write(
                            file,
                            range.get().from(),
                            range.get().to() - range.get().from());
        }
    }
}
