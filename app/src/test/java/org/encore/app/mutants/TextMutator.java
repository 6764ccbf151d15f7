package org.encore.app.mutants;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Mutates JSON and YAML by their structure, and lines of text by their cells. */
final class TextMutator {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(100_000)
                            .build())
                    .build())
            .build();

    /** Valid JSON that is hardly ever meant. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "1",
            "-1",
            "2",
            "3",
            "7",
            "-0.0",
            "0.5",
            "1e-320",
            "1e308",
            "1e309",
            "-1e999",
            "1e400000",
            "2147483647",
            "2147483648",
            "-2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "4294967296",
            "123456789012345678901234567890",
            "\"\"",
            "\" \"",
            "\"a\"",
            "\"0\"",
            "\"NaN\"",
            "\"Infinity\"",
            "\"1\"",
            "\"true\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\udc00x\"",
            "\"a\\nb\\nc\"",
            "\"../../x\"",
            "\"/\"",
            "\"\\u202e\"",
            "\"é\"",
            "\"🎵\"",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "[1,2,3]",
            "[\"a\"]",
            "{\"a\":1}",
            "{\"kind\":\"x\"}",
            "{\"\":{}}",
            "[1e999]",
            "[-1]",
            "[0]",
            "[2147483648]");

    /** No valid JSON. */
    private static final List<String> BROKEN =
            List.of("NaN", "Infinity", "-Infinity", "nul", "'a'", "\"", "{", "[1,", "01", "+1", "1.", "//");

    private final RandomGenerator random;

    TextMutator(RandomGenerator random) {
        this.random = random;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** A value that is written as it is. */
    String value() {
        int choice = random.nextInt(40);
        return switch (choice) {
            case 0 -> "[".repeat(900) + "]".repeat(900);
            case 1 -> "{\"a\":".repeat(900) + "1" + "}".repeat(900);
            case 2 -> "[".repeat(5000) + "]".repeat(5000);
            case 3 -> "9".repeat(1200);
            case 4 -> "\"" + "x".repeat(70_000) + "\"";
            case 5 -> "[" + "1,".repeat(3000) + "1]";
            case 6 -> any(BROKEN);
            case 7 -> String.valueOf(random.nextLong());
            case 8 -> String.valueOf(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
            default -> any(VALUES);
        };
    }

    /** A mutant of a JSON text, in UTF-8; now and then one that is not valid JSON. */
    byte[] json(String text) {
        return json(text, 1 + random.nextInt(2));
    }

    private byte[] json(String text, int changes) {
        try {
            JsonNode root = JSON.readTree(text);
            for (int i = 0; i < changes; i++) {
                change(root);
            }
            return damaged(JSON.writeValueAsString(root));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the text to mutate is JSON", e);
        }
    }

    /** A container and the place of one of its values. */
    private record Place(JsonNode container, String key, int index) {
        JsonNode get() {
            return key == null ? container.get(index) : container.get(key);
        }

        void set(JsonNode value) {
            if (key == null) {
                ((ArrayNode) container).set(index, value);
            } else {
                ((ObjectNode) container).set(key, value);
            }
        }

        void raw(String text) {
            if (key == null) {
                ((ArrayNode) container).remove(index);
                ((ArrayNode) container).insertRawValue(index, new RawValue(text));
            } else {
                ((ObjectNode) container).putRawValue(key, new RawValue(text));
            }
        }

        void remove() {
            if (key == null) {
                ((ArrayNode) container).remove(index);
            } else {
                ((ObjectNode) container).remove(key);
            }
        }
    }

    private static void places(JsonNode node, List<Place> places) {
        node.properties().forEach(each -> {
            places.add(new Place(node, each.getKey(), 0));
            places(each.getValue(), places);
        });
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            places.add(new Place(node, null, i));
            places(node.get(i), places);
        }
    }

    private void change(JsonNode root) {
        List<Place> places = new ArrayList<>();
        places(root, places);
        if (places.isEmpty()) {
            return;
        }
        Place place = any(places);
        JsonNode old = place.get();
        switch (random.nextInt(12)) {
            case 0 -> place.remove();
            case 1 -> place.raw(old + (place.key == null ? "," : ",\"" + place.key + "\":") + value());
            case 2 -> {
                if (place.key != null) {
                    place.remove();
                    ((ObjectNode) place.container)
                            .set(any(List.of("", "x", place.key + " ", "a\nb", "\ud800", "kind")), old);
                }
            }
            case 3 -> {
                Place other = any(places);
                JsonNode theirs = other.get() == null ? old : other.get().deepCopy();
                other.set(old.deepCopy());
                place.set(theirs);
            }
            case 4, 5 -> place.raw(old.isNumber() ? scaled(old) : value());
            case 6 -> {
                if (old instanceof ArrayNode list && !list.isEmpty()) {
                    list.add(list.get(random.nextInt(list.size())).deepCopy());
                } else {
                    place.raw("[" + old + "]");
                }
            }
            case 7 -> place.raw("{\"" + any(List.of("kind", "a", "")) + "\":" + old + "}");
            default -> place.raw(value());
        }
    }

    private String scaled(JsonNode number) {
        double value = number.doubleValue();
        return any(List.of(
                String.valueOf((long) -value),
                String.valueOf((long) value + 1),
                String.valueOf((long) value - 1),
                String.valueOf((long) (value * 1e6)),
                String.valueOf(value + 0.5),
                value + "e300",
                "\"" + number + "\""));
    }

    /** In one case of ten the bytes are damaged as well. */
    byte[] damaged(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(60)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8);
            case 2 -> text.getBytes(StandardCharsets.UTF_16);
            case 3 -> (text + " " + value()).getBytes(StandardCharsets.UTF_8);
            case 4 -> new byte[0];
            case 5 -> {
                if (bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                yield bytes;
            }
            default -> bytes;
        };
    }

    /** A mutant of lines of JSON. */
    byte[] jsonLines(List<String> lines) {
        List<String> changed = new ArrayList<>(lines);
        for (int i = random.nextInt(2); i >= 0; i--) {
            int at = random.nextInt(changed.size());
            switch (random.nextInt(10)) {
                case 0 -> changed.remove(at);
                case 1 -> changed.add(at, changed.get(random.nextInt(changed.size())));
                case 2 -> changed.set(at, value());
                case 3 -> changed.set(at, any(List.of("", " ", "\t", "{}", "[]", "null", "{", "\u0000")));
                default -> changed.set(at, new String(json(lines.get(at % lines.size())), StandardCharsets.UTF_8));
            }
            if (changed.isEmpty()) {
                changed.add("");
            }
        }
        return damaged(String.join(any(List.of("\n", "\n", "\n", "\r\n", "\n\n")), changed) + "\n");
    }

    /** A mutant of a YAML text in block style: values, keys and indentation. */
    byte[] yaml(String text) {
        List<String> lines = text.lines().collect(Collectors.toCollection(ArrayList::new));
        for (int i = random.nextInt(2); i >= 0; i--) {
            int at = random.nextInt(lines.size());
            String line = lines.get(at);
            int colon = line.indexOf(": ");
            switch (random.nextInt(12)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(at, line);
                case 2 -> lines.set(at, " ".repeat(1 + random.nextInt(4)) + line);
                case 3 -> lines.set(at, line.strip());
                case 4 ->
                    lines.set(at, line.replaceFirst("[a-z]", any(List.of("", "x", "é", "\"", "&a ", "*a ", "!!x "))));
                case 5 ->
                    lines.set(
                            at,
                            any(List.of(
                                    "extends: x.yaml",
                                    "extends: [1]",
                                    "---",
                                    "...",
                                    "? a",
                                    "- a",
                                    "%YAML 9.9",
                                    "\t",
                                    "&a [*a]",
                                    "<<: *x",
                                    "a: !!java.net.URL [x]",
                                    "a: |",
                                    "{}",
                                    "extends: \"\\0\"")));
                default ->
                    lines.set(
                            at,
                            (colon < 0 ? line : line.substring(0, colon)) + ": "
                                    + any(List.of(
                                            value(),
                                            value(),
                                            value(),
                                            ".nan",
                                            ".inf",
                                            "~",
                                            "0x10",
                                            "1_000",
                                            "2026-01-01",
                                            "!!binary x",
                                            "|",
                                            "*a",
                                            "&a 1",
                                            "on",
                                            "1:30",
                                            "'")));
            }
            if (lines.isEmpty()) {
                lines.add("");
            }
        }
        return damaged(String.join("\n", lines) + "\n");
    }

    /** A mutant of a table with cells between commas. */
    byte[] table(List<String> lines) {
        List<String> changed = new ArrayList<>(lines);
        for (int i = random.nextInt(2); i >= 0; i--) {
            int at = random.nextInt(changed.size());
            List<String> cells = new ArrayList<>(Arrays.asList(changed.get(at).split(",", -1)));
            int cell = random.nextInt(cells.size());
            switch (random.nextInt(8)) {
                case 0 -> cells.remove(cell);
                case 1 -> cells.add(cell, cells.get(random.nextInt(cells.size())));
                case 2 ->
                    cells.set(
                            cell,
                            any(List.of(
                                    "",
                                    " ",
                                    "\"",
                                    "\"a\nb\"",
                                    "\"\"\"\"",
                                    "a;b",
                                    "\u0000",
                                    "NaN",
                                    "1e999",
                                    "-1",
                                    "../x")));
                case 3 -> changed.add(at, changed.get(random.nextInt(changed.size())));
                default -> cells.set(cell, value());
            }
            changed.set(at, String.join(any(List.of(",", ",", ",", ";", "\t")), cells));
        }
        return damaged(String.join("\n", changed) + "\n");
    }
}
