package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.encore.app.Invocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** The command on a model of 48 positions and pieces cut from six MIDI files. */
class ProfileCommandTest {
    @TempDir
    private Path directory;

    private static Invocation profile(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("profile", TinyWorld.base().toString(), "--recovery", "4"));
        Set<String> given = Set.of(more);
        if (!given.contains("--onset")) {
            arguments.addAll(List.of("--onset", "6"));
        }
        if (!given.contains("--count")) {
            arguments.addAll(List.of("--count", "6"));
        }
        if (!given.contains("--lengths")) {
            arguments.addAll(List.of("--lengths", "2,6,10"));
        }
        arguments.addAll(List.of(more));
        return Invocation.here(arguments.toArray(String[]::new));
    }

    private static JsonNode json(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.add("--json");
        Invocation outcome = profile(arguments.toArray(String[]::new));
        assertEquals(0, outcome.status(), outcome.err());
        assertEquals(1, outcome.out().lines().count(), outcome.out());
        return new ObjectMapper().readTree(outcome.out());
    }

    private String midi() {
        return TinyWorld.midi().toString();
    }

    @Test
    void tellsEveryHeadlineWithItsInterval() throws IOException {
        JsonNode facts = json("--pieces", midi());
        assertEquals(6, facts.path("pieces").asInt());
        JsonNode profiled = facts.path("checkpoints").get(0);
        assertEquals("[2,6,10]", profiled.path("lengths").toString());
        assertEquals(3, profiled.path("delta_by_length").size());
        for (String name : List.of("pearson", "spearman", "peak", "assimilation", "recovery", "slope", "clean_loss")) {
            for (String part : List.of("value", "low", "high")) {
                assertTrue(profiled.path(name).has(part), name + " has no " + part);
            }
        }
        JsonNode peak = profiled.path("peak");
        assertTrue(peak.path("low").asDouble() <= peak.path("value").asDouble());
        assertTrue(peak.path("value").asDouble() <= peak.path("high").asDouble());
        assertTrue(profiled.path("by_length").path("6").has("peak_by_code"));
        assertEquals(profiled, json("--pieces", midi()).path("checkpoints").get(0), "same seed, same profile");
    }

    @Test
    void protocolAndPerturbationMatter() throws IOException {
        List<JsonNode> deltas = new ArrayList<>();
        for (String protocol : List.of("correct", "unconditioned", "published")) {
            for (String perturbation : List.of("uniform", "other-piece", "adjacent-blocks")) {
                JsonNode facts = json("--pieces", midi(), "--protocol", protocol, "--perturbation", perturbation);
                assertEquals(protocol, facts.path("protocol").asText());
                deltas.add(facts.path("checkpoints").get(0).path("delta_by_length"));
            }
        }
        assertEquals(9, deltas.stream().distinct().count(), deltas::toString);
    }

    @Test
    void lengthsMayBeSeconds() throws IOException {
        JsonNode profiled = json("--pieces", midi(), "--lengths", "0.3s,0.6s", "--count", "3")
                .path("checkpoints")
                .get(0);
        assertEquals("[0.3,0.6]", profiled.path("lengths").toString());
        assertTrue(profiled.path("by_length")
                .path("0.6s")
                .path("delta")
                .path("value")
                .isNumber());
    }

    @Test
    void writesFilesThatSayTheSame() throws IOException, ParserConfigurationException, SAXException {
        Path out = directory.resolve("out");
        JsonNode facts = json("--pieces", midi(), "--out", out.toString());
        assertEquals(
                facts, new ObjectMapper().readTree(out.resolve("profile.json").toFile()));
        JsonNode peak = facts.path("checkpoints").get(0).path("peak");
        String row = ",all,peak," + peak.path("value").asDouble() + ","
                + peak.path("low").asDouble() + "," + peak.path("high").asDouble();
        assertTrue(Files.readString(out.resolve("profile.csv")).contains(row), row);
        // Per length: from 6 codes before the onset, where the piece begins, to the end of the shortest piece.
        List<String> curves = Files.readAllLines(out.resolve("curves.csv"));
        assertEquals(0, (curves.size() - 1) % 3);
        assertTrue(curves.get(1).contains(",2,0,-6,"), curves.get(1));
        for (String picture : List.of("delta-by-length.png", "curves-1.png")) {
            assertEquals("PNG", new String(Files.readAllBytes(out.resolve(picture)), 1, 3, StandardCharsets.US_ASCII));
        }
        Document page = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(
                        Files.readString(out.resolve("profile.html")).replace("<!DOCTYPE html>", ""))));
        assertEquals(2, page.getElementsByTagName("section").getLength());
        assertEquals(2, page.getElementsByTagName("img").getLength());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--perturbation white | encore: the perturbation white changes the waveform and needs a codec that",
                "--perturbation loud | encore: perturbation is \"loud\", but must be one of uniform, unigram,",
                "--lengths 6,2 | encore: lengths has 6 before 2, but must rise",
                "--lengths x | encore: a length is \"x\", but must be a number of codes such as 50",
                "--lengths 40 | encore: only 0 of 768 held-out pieces have room for 40 from code 6 and 4 codes behind",
                "--level 3 | encore: level is 3.0 dB, but must lie in [-120, 0]",
                "--protocol loud | encore: Invalid value for option '--protocol'",
                "--onset 0 | encore: onset is 0, but must be at least 1"
            })
    void refusesInOneLine(String arguments, String expected) {
        List<String> all = new ArrayList<>(List.of("--pieces", midi()));
        all.addAll(List.of(arguments.split(" ", -1)));
        Invocation outcome = profile(all.toArray(String[]::new));
        assertEquals(2, outcome.status(), outcome.err());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(outcome.err().startsWith(expected), outcome.err());
    }

    @Test
    void aStudyThatCannotBeginSaysWhy() throws IOException {
        String base = TinyWorld.base().toString();
        assertRefused("encore: there are 2 checkpoints, but a study needs at least 8; add some", base, base);
        assertRefused(
                "encore: " + directory + ": is neither a model (model.safetensors) nor a run", directory.toString());
        Path document = Files.writeString(directory.resolve("document.md"), "nothing measured here");
        List<String> copies = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Path copy = Files.createDirectories(directory.resolve("models/model-" + i));
            try (Stream<Path> files = Files.list(TinyWorld.base())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
            copies.add(copy.toString());
        }
        assertRefused(
                "encore: there are 8 checkpoints of 1 runs, but a study needs at least 4 in each of two halves",
                Collections.nCopies(8, base).toArray(String[]::new));
        List<String> eight = new ArrayList<>(copies);
        eight.addAll(List.of("--into", document.toString()));
        assertRefused(
                "encore: " + document + ": has no lines <!-- measured: begin --> and <!-- measured: end -->",
                eight.toArray(String[]::new));
        // Its 47 codes are too few for études with 50 damaged ones.
        List<String> few = new ArrayList<>(copies);
        few.addAll(List.of("--count", "2"));
        assertRefused("encore: only 0 of 256 held-out pieces", few.toArray(String[]::new));
        assertRefused("encore: Missing required parameter: 'CHECKPOINT'");
    }

    private static void assertRefused(String expected, String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("profile", "study", "--base", TinyWorld.base().toString()));
        all.addAll(List.of(arguments));
        Invocation outcome = Invocation.here(all.toArray(String[]::new));
        assertEquals(2, outcome.status(), outcome.err());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(outcome.err().startsWith(expected), outcome.err());
    }
}
