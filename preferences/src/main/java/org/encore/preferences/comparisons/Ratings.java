package org.encore.preferences.comparisons;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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
