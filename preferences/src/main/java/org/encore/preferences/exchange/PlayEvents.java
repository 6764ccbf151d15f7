package org.encore.preferences.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalDouble;

/** How long a clip was heard, from an arena's list of what the player did: {@code [["PLAY", 12.0], ["PAUSE", 20.5]]}. */
final class PlayEvents {
    private PlayEvents() {}

    /** Adds up the time from each start to the next pause, stop or tick; empty if nothing was kept. */
    static OptionalDouble seconds(JsonLine line, String key) {
        JsonNode events = line.json().path("vote").path(key);
        if (!events.isArray()) {
            return OptionalDouble.empty();
        }
        double total = 0.0;
        double since = Double.NaN;
        for (JsonNode event : events) {
            String action = event.path(0).asText();
            if (!event.path(1).isNumber()) {
                throw line.invalid("vote." + key + " holds " + event + ", but must hold pairs like [\"PLAY\", 12.5]");
            }
            double at = event.path(1).doubleValue();
            switch (action) {
                case "PLAY" -> since = Double.isNaN(since) ? at : since;
                case "TICK" -> {
                    total += elapsed(since, at);
                    since = Double.isNaN(since) ? since : at;
                }
                case "PAUSE", "STOP" -> {
                    total += elapsed(since, at);
                    since = Double.NaN;
                }
                default ->
                    throw line.invalid(
                            "vote." + key + " holds " + action + ", but must hold PLAY, TICK, PAUSE and STOP");
            }
        }
        return OptionalDouble.of(total);
    }

    private static double elapsed(double since, double at) {
        return Double.isNaN(since) ? 0.0 : Math.max(0.0, at - since);
    }
}
