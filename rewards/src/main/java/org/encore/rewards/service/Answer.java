package org.encore.rewards.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.Score;

/** What a service answers: {@code {"scores": [number or null, …]}}. */
final class Answer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCORES = "scores";

    private Answer() {}

    /**
     * Reads an answer.
     *
     * @param samples how many samples were asked about
     * @throws RewardFailure if it is not what was asked for
     */
    static List<Score> read(String id, byte[] body, int samples) {
        JsonNode scores = tree(id, body).path(SCORES);
        if (!scores.isArray()) {
            throw new RewardFailure(id, "answered without a list of " + SCORES);
        }
        if (scores.size() != samples) {
            throw new RewardFailure(id, "answered with " + scores.size() + " scores for " + samples + " samples");
        }
        List<Score> read = new ArrayList<>();
        for (JsonNode score : scores) {
            read.add(score(id, score, read.size()));
        }
        return read;
    }

    private static JsonNode tree(String id, byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            String problem = e.getMessage().lines().findFirst().orElse("");
            throw new RewardFailure(id, "answered with what is not valid JSON: " + problem);
        }
    }

    private static Score score(String id, JsonNode score, int index) {
        if (score.isNull()) {
            return Score.abstention("the service abstains");
        }
        if (!score.isNumber() || !Double.isFinite(score.doubleValue())) {
            throw new RewardFailure(
                    id, "answered " + score + " for sample " + index + ", but must answer a finite number or null");
        }
        return Score.of(score.doubleValue(), "answer of the service");
    }
}
