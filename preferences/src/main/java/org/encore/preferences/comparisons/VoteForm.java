package org.encore.preferences.comparisons;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;

/**
 * The forms of a vote on a line. Unknown keys are ignored.
 *
 * <p>The two arena forms are those of Music Arena: the battles that its gateway logs, and the rows of its published
 * data set. They name sound files that are often not public; a clip without a file is identified by its system.
 */
enum VoteForm {
    /**
     * Ours: {@code prompt, a, b, preferred, rater, listened_a_s, listened_b_s, rating_a, rating_b, time}, and what the
     * database adds.
     */
    ENCORE("preferred") {
        @Override
        Optional<Vote> vote(JsonLine line) {
            return Optional.of(new Vote(
                    line.textOrEmpty("prompt"),
                    side(line, "a"),
                    side(line, "b"),
                    line.preference(line.json().path("preferred"), "preferred"),
                    line.text("rater"),
                    line.time(line.json().path("time"), "time")));
        }

        /** The clip may be unknown if the system is named. */
        private RatedClip side(JsonLine line, String key) {
            String system = line.textOrEmpty("system_" + key);
            boolean unknown = !system.isBlank() && line.textOrEmpty(key).isBlank();
            return new RatedClip(
                    unknown ? Path.of("") : line.clip(key),
                    system,
                    line.seconds("listened_" + key),
                    rating(line.json().path("rating_" + key)));
        }

        /** Beside a preference, numbers on other scales than ours are left out like unknown keys. */
        private OptionalDouble rating(JsonNode value) {
            double number = value.isNumber() ? value.doubleValue() : Double.NaN;
            return number >= RatedClip.WORST && number <= RatedClip.BEST
                    ? OptionalDouble.of(number)
                    : OptionalDouble.empty();
        }
    },
    /** Ratings of both clips from 1 to 5 instead of a preference, which follows from them; else like ours. */
    ENCORE_RATINGS("rating_a") {
        @Override
        Optional<Vote> vote(JsonLine line) {
            OptionalDouble a = line.rating("rating_a");
            OptionalDouble b = line.rating("rating_b");
            if (a.isEmpty() || b.isEmpty()) {
                throw line.invalid("has a rating of one clip only, and no preference: name rating_a and rating_b");
            }
            ObjectNode json = line.json().deepCopy();
            json.put(
                    "preferred",
                    Preference.ofRatings(a.getAsDouble(), b.getAsDouble()).key());
            return ENCORE.vote(new JsonLine(line.file(), line.number(), json));
        }
    },
    /** A row of an arena's published data set. */
    ARENA_ROW("preference") {
        @Override
        Optional<Vote> vote(JsonLine line) {
            JsonNode json = line.json();
            if (json.path("preference").isNull()) {
                return Optional.empty();
            }
            return Optional.of(new Vote(
                    line.textOrEmpty("prompt"),
                    side(line, line.textOrEmpty("audio_a"), line.text("system_a"), heard(line, "a")),
                    side(line, line.textOrEmpty("audio_b"), line.text("system_b"), heard(line, "b")),
                    line.preference(json.path("preference"), "preference"),
                    raterOr(line.textOrEmpty("user_pseudonym"), line.textOrEmpty("battle_uuid")),
                    line.time(json.path("timestamp"), "timestamp")));
        }

        private OptionalDouble heard(JsonLine line, String side) {
            String key = "total_listening_time_" + side;
            return line.number(line.json().path(key), key);
        }
    },
    /** A battle as an arena's gateway logs it. */
    ARENA_BATTLE("vote") {
        @Override
        Optional<Vote> vote(JsonLine line) {
            JsonNode json = line.json();
            JsonNode vote = json.path("vote");
            if (vote.isNull()
                    || vote.path("preference").isNull()
                    || vote.path("preference").isMissingNode()) {
                return Optional.empty();
            }
            String asked = line.textOrEmpty(json.path("prompt").path("prompt"), "prompt.prompt");
            String detailed = line.textOrEmpty(
                    json.path("prompt_detailed").path("overall_prompt"), "prompt_detailed.overall_prompt");
            JsonNode user = json.path("vote_user").isObject() ? json.path("vote_user") : json.path("prompt_user");
            return Optional.of(new Vote(
                    asked.isBlank() ? detailed : asked,
                    side(line, audio(line, "a"), system(line, "a"), PlayEvents.seconds(line, "a_listen_data")),
                    side(line, audio(line, "b"), system(line, "b"), PlayEvents.seconds(line, "b_listen_data")),
                    line.preference(vote.path("preference"), "vote.preference"),
                    raterOr(line.textOrEmpty(user.path("salted_ip"), "vote_user.salted_ip"), line.textOrEmpty("uuid")),
                    line.time(vote.path("preference_time"), "vote.preference_time")));
        }

        /** The name of the file at the end of its address. */
        private String audio(JsonLine line, String side) {
            String address = line.textOrEmpty(side + "_audio_url").replaceFirst("[?#].*$", "");
            return address.substring(address.lastIndexOf('/') + 1);
        }

        private String system(JsonLine line, String side) {
            String name = side + "_metadata.system_key.system_tag";
            JsonNode key = line.json().path(side + "_metadata").path("system_key");
            String system = line.textOrEmpty(key.path("system_tag"), name);
            if (system.isBlank()) {
                throw line.invalid(name + " is absent, but must name the system that made the clip");
            }
            return system;
        }
    };

    private final String mark;

    VoteForm(String mark) {
        this.mark = mark;
    }

    /**
     * Reads the vote of a line; empty if the line has no vote.
     *
     * @throws org.encore.base.files.InvalidFileException if a value is malformed
     */
    abstract Optional<Vote> vote(JsonLine line);

    /** The form of a line, by the key that is specific to it. */
    static VoteForm of(JsonLine line) {
        for (VoteForm form : values()) {
            if (line.json().has(form.mark)) {
                return form;
            }
        }
        throw line.invalid(
                "is no vote: it must have the key preferred (a pair), preference or vote (of an arena), rating (of a"
                        + " clip), or"
                        + " system and lists of ratings");
    }

    private static RatedClip side(JsonLine line, String audio, String system, OptionalDouble listenedSeconds) {
        Path file = audio.isBlank() ? Path.of("") : line.path(audio, "the file of the clip");
        return new RatedClip(Files.isRegularFile(file) ? file : Path.of(""), system, listenedSeconds);
    }

    /** The rater, or a new rater for a vote without one. */
    private static String raterOr(String rater, String vote) {
        return rater.isBlank() ? "unknown " + vote : rater;
    }

    /** Listening time from an arena's list of player events: {@code [["PLAY", 12.0], ["PAUSE", 20.5]]}. */
    static final class PlayEvents {
        private PlayEvents() {}

        /** The sum of the times from each start to the next pause, stop or tick; empty without a list. */
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
                    throw line.invalid(
                            "vote." + key + " holds " + event + ", but must hold pairs like [\"PLAY\", 12.5]");
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
}
