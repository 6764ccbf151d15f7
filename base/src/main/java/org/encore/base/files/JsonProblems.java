package org.encore.base.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;

/** Says in one line what is wrong with JSON, for people who know neither our classes nor the library's switches. */
public final class JsonProblems {
    private JsonProblems() {}

    /**
     * The problem of an exception: where values do not fit, their place and what the check of the value says; else what is no
     * JSON.
     */
    public static String of(JsonProcessingException e) {
        if (e instanceof JsonMappingException mapping) {
            String place = place(mapping);
            Throwable cause = mapping.getCause();
            if (cause instanceof IllegalArgumentException) {
                return place + ": " + cause.getMessage();
            }
            if (cause instanceof NullPointerException) {
                // Objects.requireNonNull(value, "name")
                String name = String.valueOf(cause.getMessage());
                return place + ": " + (name.matches("[A-Za-z]+") ? name : "a value") + " is missing";
            }
            return place + " is missing or of a wrong kind";
        }
        String said = e.getOriginalMessage().lines().findFirst().orElse("it ends too early");
        return said.replaceFirst(": enable `.*| at \\[Source.*", "");
    }

    private static String place(JsonMappingException e) {
        StringBuilder place = new StringBuilder();
        for (Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                place.append('[').append(step.getIndex()).append(']');
            } else {
                place.append(place.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return place.isEmpty() ? "the whole" : place.toString();
    }
}
