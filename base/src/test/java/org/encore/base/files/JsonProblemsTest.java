package org.encore.base.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonProblemsTest {
    record Inner(int width, String name) {
        Inner {
            Objects.requireNonNull(name, "name");
            if (width < 1) {
                throw new IllegalArgumentException("width is " + width + ", but must be at least 1");
            }
        }
    }

    record Outer(List<Inner> parts) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"parts\": [{\"width\": 0, \"name\": \"a\"}]} | parts[0]: width is 0, but must be at least 1",
                "{\"parts\": [{\"width\": 1}]} | parts[0]: name is missing",
                "{\"parts\": [{\"width\": \"x\", \"name\": \"a\"}]} | parts[0].width is missing or of a wrong kind",
                "{\"parts\": 3} | parts is missing or of a wrong kind",
                "[1] | the whole is missing or of a wrong kind",
                "{\"parts\": +1} | Unexpected character ('+' (code 43)) in numeric value: JSON spec does not allow numbers to have"
                        + " plus signs",
            })
    void oneLineWithoutClasses(String json, String expected) {
        JsonProcessingException e =
                assertThrows(JsonProcessingException.class, () -> new ObjectMapper().readValue(json, Outer.class));
        assertEquals(expected, JsonProblems.of(e));
    }
}
