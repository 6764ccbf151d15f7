package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.encore.app.Invocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steering from the command line, on the shipped base and its probes. */
class SteerCommandTest {
    private static final String BASE = "../checkpoints/etudes-captions";

    @TempDir
    Path folder;

    private Path config() throws IOException {
        Path config = folder.resolve("steering.yaml");
        Files.writeString(
                config,
                """
                checkpoint: ../checkpoints/etudes-captions
                traits: [{kind: instrument, timbre: drums}]
                probes: {training: 24, selection: 8, heldOut: 8}
                """);
        return config;
    }

    @Test
    void probesAreFittedMeasuredAndUsed() throws IOException {
        Path probes = folder.resolve("probes");
        Invocation fit = Invocation.here("steer", "fit", config().toString(), "--out", probes.toString(), "--json");
        assertEquals(0, fit.status(), fit.err());
        JsonNode facts = new JsonMapper().readTree(fit.out());
        double accuracy = facts.at("/probe_accuracy/drums/value").asDouble();
        assertTrue(accuracy > 0.6, fit.out());
        assertEquals(accuracy, facts.at("/mean").asDouble(), 1e-12);
        String page = Files.readString(probes.resolve("probes.html"));
        assertTrue(page.contains("accuracy of the probes of drums, layers by heads"));
        byte[] plain = generate("plain");
        assertArrayEquals(plain, generate("still", "--steer", "drums=0", "--probes", probes.toString()));
        byte[] steered = generate("steered", "--steer", "drums", "--probes", probes.toString());
        assertFalse(Arrays.equals(plain, steered));
        String picture = Files.readString(folder.resolve("steered/steering.html"));
        assertTrue(picture.contains("monitor and strength of drums") && picture.contains("piano roll of"));
    }

    private byte[] generate(String name, String... options) throws IOException {
        Path out = folder.resolve(name);
        String[] first = {"generate", "--checkpoint", BASE, "--prompt", "a slow piano tune", "--out", out.toString()};
        String[] all = Arrays.copyOf(first, first.length + options.length);
        System.arraycopy(options, 0, all, first.length, options.length);
        Invocation generated = Invocation.here(all);
        assertEquals(0, generated.status(), generated.err());
        return Files.readAllBytes(out.resolve("000.wav"));
    }

    /** The probes that ship lie beside the base. */
    @Test
    void badInputIsRefusedInOneLine() throws IOException {
        refused("has no probes of the trait \"drms\", but of drums, bass, guitar, piano", "--steer", "drms");
        refused("must be TRAIT or TRAIT=DEGREE", "--steer", "drums=loud");
        refused("must lie in [-1, 1]", "--steer", "drums=2");
        refused("names a trait twice", "--steer", "drums", "--steer", "drums=0.5");
        refused("need --steer", "--steer-strength", "3");
        refused("holds no probes", "--steer", "drums", "--probes", folder.toString());
        Invocation occupied = Invocation.here("steer", "fit", config().toString(), "--out", folder.toString());
        assertEquals(2, occupied.status());
        assertTrue(occupied.err().contains("exists and holds no probes"), occupied.err());
    }

    private void refused(String reason, String... options) throws IOException {
        String[] first = {
            "generate",
            "--checkpoint",
            BASE,
            "--prompt",
            "piano",
            "--out",
            folder.resolve("x").toString()
        };
        String[] all = Arrays.copyOf(first, first.length + options.length);
        System.arraycopy(options, 0, all, first.length, options.length);
        Invocation invocation = Invocation.here(all);
        assertEquals(2, invocation.status(), invocation.err());
        assertEquals(1, invocation.err().strip().lines().count(), invocation.err());
        assertTrue(invocation.err().contains(reason), invocation.err());
    }
}
