package org.encore.preferences.comparisons;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.base.files.InvalidFileException;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;

/**
 * Ratings of systems on common prompts, a list of several raters' ratings each: {@code caption, system, <axis>: [...]}.
 *
 * @param axis name of the list, e.g. {@code CE}
 * @param byPrompt ratings of each system, by prompt
 */
public record Ratings(String axis, Map<String, Map<String, List<Double>>> byPrompt) {
    /** The rater of votes that come from averaged ratings. */
    static final String RATER = "mean of the raters";

    static boolean isRating(JsonNode json) {
        return json.has("system") && json.has("caption");
    }

    static Ratings of(String axis, List<JsonLine> lines) {
        Map<String, Map<String, List<Double>>> byPrompt = new LinkedHashMap<>();
        for (JsonLine line : lines) {
            Map<String, List<Double>> systems =
                    byPrompt.computeIfAbsent(line.text("caption"), unused -> new LinkedHashMap<>());
            String system = line.text("system");
            if (systems.putIfAbsent(system, ratings(axis, line)) != null) {
                throw line.invalid("rates system " + system + " a second time for the same caption");
            }
        }
        return new Ratings(axis, byPrompt);
    }

    /** A vote for each two systems of a prompt, for the one with the higher mean; a tie if the means are equal. */
    public List<Vote> votes() {
        List<Vote> votes = new ArrayList<>();
        byPrompt.forEach((prompt, systems) -> {
            List<String> names = List.copyOf(systems.keySet());
            for (int a = 0; a < names.size(); a++) {
                for (int b = a + 1; b < names.size(); b++) {
                    votes.add(vote(prompt, names.get(a), names.get(b)));
                }
            }
        });
        return votes;
    }

    /** Mean rating of each system over all prompts, in the order of their names in the file. */
    public Map<String, Double> means() {
        Map<String, List<Double>> all = new LinkedHashMap<>();
        byPrompt.values()
                .forEach(systems -> systems.forEach((system, ratings) ->
                        all.computeIfAbsent(system, unused -> new ArrayList<>()).addAll(ratings)));
        Map<String, Double> means = new LinkedHashMap<>();
        all.forEach((system, ratings) -> means.put(system, mean(ratings)));
        return means;
    }

    /** The ratings of each rated clip: the units of an agreement of raters. */
    public List<List<Double>> units() {
        return byPrompt.values().stream()
                .flatMap(systems -> systems.values().stream())
                .toList();
    }

    /**
     * Ratings of single clips from 1 to 5, one on each line: {@code prompt, system, rating, rater}, and {@code clip} if
     * its file is known. Two ratings of one rater on one prompt make a vote for the higher one.
     */
    static final class Singles {
        private final Map<List<String>, List<JsonLine>> byPlace = new LinkedHashMap<>();

        static boolean isOne(JsonLine line) {
            return line.json().has("rating");
        }

        /** Keeps a line for {@link #votes}. */
        Optional<VoteFiles.Entry> add(JsonLine line) {
            if (line.rating("rating").isEmpty()) {
                throw line.invalid("rating is absent, but must be a number from 1 to 5");
            }
            line.text("system");
            byPlace.computeIfAbsent(
                            List.of(line.textOrEmpty("prompt"), line.text("rater")), unused -> new ArrayList<>())
                    .add(line);
            return Optional.empty();
        }

        /**
         * All votes.
         *
         * @throws InvalidFileException if no rater rated two clips of one prompt
         */
        List<VoteFiles.Entry> votes() {
            List<VoteFiles.Entry> votes = new ArrayList<>();
            byPlace.forEach((place, lines) -> {
                for (int a = 0; a < lines.size(); a++) {
                    for (int b = a + 1; b < lines.size(); b++) {
                        votes.add(entry(place, lines.get(a), lines.get(b)));
                    }
                }
            });
            if (votes.isEmpty() && !byPlace.isEmpty()) {
                JsonLine first = byPlace.values().iterator().next().get(0);
                throw new InvalidFileException(
                        first.file(),
                        "holds no two ratings of one rater on one prompt, so that there is nothing to compare");
            }
            return votes;
        }

        private static VoteFiles.Entry entry(List<String> place, JsonLine a, JsonLine b) {
            double first = a.rating("rating").orElseThrow();
            double second = b.rating("rating").orElseThrow();
            return new VoteFiles.Entry(
                    "line " + b.number(),
                    Optional.empty(),
                    new Vote(
                            place.get(0),
                            side(a),
                            side(b),
                            Preference.ofRatings(first, second),
                            place.get(1),
                            b.time(b.json().path("time"), "time")));
        }

        private static RatedClip side(JsonLine line) {
            return new RatedClip(
                    line.textOrEmpty("clip").isBlank() ? Path.of("") : line.clip("clip"),
                    line.text("system"),
                    line.seconds("listened"),
                    line.rating("rating"));
        }
    }

    private Vote vote(String prompt, String a, String b) {
        Map<String, List<Double>> systems = byPrompt.get(prompt);
        int order = Double.compare(mean(systems.get(a)), mean(systems.get(b)));
        Preference preferred = order == 0 ? Preference.TIE : order > 0 ? Preference.A : Preference.B;
        return new Vote(prompt, side(a), side(b), preferred, RATER, Optional.empty());
    }

    private static RatedClip side(String system) {
        return new RatedClip(Path.of(""), system, OptionalDouble.empty());
    }

    private static double mean(List<Double> ratings) {
        return ratings.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private static List<Double> ratings(String axis, JsonLine line) {
        JsonNode list = line.json().path(axis);
        if (!list.isArray() || list.isEmpty()) {
            throw line.invalid(
                    axis + " is " + JsonLine.shown(list) + ", but must be a list of ratings: name another axis");
        }
        List<Double> ratings = new ArrayList<>();
        for (JsonNode rating : list) {
            if (!rating.isNumber() || !Double.isFinite(rating.doubleValue())) {
                throw line.invalid(axis + " holds " + rating + ", but must hold finite numbers");
            }
            ratings.add(rating.doubleValue());
        }
        return ratings;
    }
}
