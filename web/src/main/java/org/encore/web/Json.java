package org.encore.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Map;

/** Reads requests and writes responses as JSON. */
public final class Json {
    private static final int DEEPEST = 4;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * Reads the object in the body of a request.
     *
     * @throws Refusal if the body is not one
     */
    public static JsonNode read(Context request) {
        String type = request.contentType();
        if (type == null || !type.startsWith("application/json")) {
            throw Refusal.malformed("the body must be JSON");
        }
        JsonNode read;
        try {
            read = MAPPER.readTree(request.bodyAsBytes());
        } catch (JacksonException e) {
            throw Refusal.malformed("the body is not JSON");
        } catch (IOException e) {
            throw Refusal.malformed("the body cannot be read");
        }
        if (!read.isObject()) {
            throw Refusal.malformed("the body must be one JSON object");
        }
        return read;
    }

    /** A text of an object; refused if it is missing or something else. */
    public static String text(JsonNode object, String name) {
        JsonNode value = object.path(name);
        if (!value.isTextual()) {
            throw Refusal.malformed(name + " must be a text");
        }
        return value.textValue();
    }

    /** A number of an object; refused if it is missing or something else. */
    public static double number(JsonNode object, String name) {
        JsonNode value = object.path(name);
        if (!value.isNumber()) {
            throw Refusal.malformed(name + " must be a number");
        }
        return value.doubleValue();
    }

    /** Responds with an object. */
    public static void write(Context request, int status, Map<String, ?> object) {
        try {
            request.status(status).contentType("application/json").result(MAPPER.writeValueAsBytes(object));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer cannot be written as JSON: " + object, e);
        }
    }
}
