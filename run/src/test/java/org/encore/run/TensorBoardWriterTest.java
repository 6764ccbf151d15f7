package org.encore.run;

import static org.encore.run.EventFile.fields;
import static org.encore.run.EventFile.only;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.run.EventFile.Field;
import org.encore.run.TensorBoardWriter.AudioFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TensorBoardWriterTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_250L), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    @Test
    void theDecodersChecksumIsTheStandardOne() {
        // The check value of CRC-32C in every catalogue of checksums.
        assertEquals(0xE3069283, EventFile.crc32c("123456789".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aFileBeginsWithItsVersionAndTheStepFromWhichItHolds() throws IOException {
        TensorBoardWriter.open(directory, 41, CLOCK).close();
        List<List<Field>> events = EventFile.read(onlyFile());
        assertEquals(2, events.size());
        assertEquals(1_700_000_000.25, only(events.get(0), 1).float64());
        assertEquals("brain.Event:2", only(events.get(0), 3).text());
        assertEquals(41, only(events.get(1), 2).integer());
        assertEquals(1, only(fields(only(events.get(1), 7).bytes()), 1).integer(), "SessionLog.START");
    }

    @Test
    void curvesAreReadBackAsTheyWereWritten() throws IOException {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("objective/kl", 0.125);
        values.put("objective/scores", -1e30);
        values.put("perf/täkte", Double.NaN);
        try (TensorBoardWriter writer = TensorBoardWriter.open(directory, 0, CLOCK)) {
            writer.scalars(300, values);
        }
        List<Field> event = EventFile.read(onlyFile()).get(2);
        assertEquals(300, only(event, 2).integer());
        Map<String, Float> read = new LinkedHashMap<>();
        for (Field value : fields(only(event, 5).bytes())) {
            assertEquals(1, value.number());
            List<Field> parts = fields(value.bytes());
            read.put(only(parts, 1).text(), only(parts, 2).float32());
        }
        assertEquals(Map.of("objective/kl", 0.125f, "objective/scores", -1e30f, "perf/täkte", Float.NaN), read);
        assertEquals(List.copyOf(values.keySet()), List.copyOf(read.keySet()));
    }

    @Test
    void textAndSoundAreReadBackAsTheyWereWritten() throws IOException {
        byte[] wav = {'R', 'I', 'F', 'F', -1};
        try (TensorBoardWriter writer = TensorBoardWriter.open(directory, 0, CLOCK)) {
            writer.text(7, "prompt", "a *slow* waltz");
            writer.audio(8, "sample", wav, new AudioFormat(32000, 2, 640));
        }
        List<List<Field>> events = EventFile.read(onlyFile());
        List<Field> text = value(events.get(2));
        assertEquals("prompt", only(text, 1).text());
        Field plugin = only(fields(only(text, 9).bytes()), 1);
        assertEquals("text", only(fields(plugin.bytes()), 1).text());
        List<Field> tensor = fields(only(text, 8).bytes());
        assertEquals(7, only(tensor, 1).integer(), "DT_STRING");
        assertEquals("a *slow* waltz", only(tensor, 8).text());

        assertEquals(8, only(events.get(3), 2).integer());
        List<Field> audio = fields(only(value(events.get(3)), 6).bytes());
        assertEquals(32000f, only(audio, 1).float32());
        assertEquals(2, only(audio, 2).integer());
        assertEquals(640, only(audio, 3).integer());
        assertArrayEquals(wav, only(audio, 4).bytes());
        assertEquals("audio/wav", only(audio, 5).text());
    }

    /** Field numbers of plugin_data.proto and struct.proto: number 2, text 3, truth 4. */
    @Test
    void hyperparametersAreReadBackAsTheyWereWritten() throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("kl.coefficient", 0.25);
        values.put("checkpoint", "checkpoints/a");
        values.put("whiten", true);
        try (TensorBoardWriter writer = TensorBoardWriter.append(directory, CLOCK)) {
            writer.started(values);
            writer.finished();
        }
        List<List<Field>> events = EventFile.read(onlyFile());
        assertEquals(3, events.size(), "version, start, end; nothing that would discard earlier steps");
        List<Field> start = value(events.get(1));
        assertEquals("_hparams_/session_start_info", only(start, 1).text());
        List<Field> info = fields(only(pluginContent(start), 3).bytes());
        Map<String, Object> read = new LinkedHashMap<>();
        for (Field entry : info.stream().filter(field -> field.number() == 1).toList()) {
            List<Field> pair = fields(entry.bytes());
            Field value = fields(only(pair, 2).bytes()).get(0);
            read.put(
                    only(pair, 1).text(),
                    switch (value.number()) {
                        case 2 -> value.float64();
                        case 3 -> value.text();
                        case 4 -> value.integer() == 1;
                        default -> throw new AssertionError("kind " + value.number());
                    });
        }
        assertEquals(values, read);
        assertEquals(1_700_000_000.25, only(info, 5).float64());
        List<Field> tensor = fields(only(start, 8).bytes());
        assertEquals(1, only(tensor, 1).integer(), "DT_FLOAT");
        List<Field> end = value(events.get(2));
        assertEquals("_hparams_/session_end_info", only(end, 1).text());
        assertEquals(1, only(fields(only(pluginContent(end), 4).bytes()), 1).integer(), "STATUS_SUCCESS");
    }

    private static List<Field> pluginContent(List<Field> value) {
        List<Field> plugin = fields(only(fields(only(value, 9).bytes()), 1).bytes());
        assertEquals("hparams", only(plugin, 1).text());
        return fields(only(plugin, 2).bytes());
    }

    @Test
    void samplesAreSoundWithItsPrompt() throws IOException {
        Path samples = Files.createDirectories(directory.resolve("samples"));
        byte[] wav = WaveFiles.toBytes(new Waveform(List.of(new float[441], new float[441]), 22050));
        Files.write(samples.resolve("000.wav"), wav);
        Files.writeString(samples.resolve("000.json"), "{\"prompt\": \"a slow \\\"waltz\\\"\"}");
        Files.write(samples.resolve("001.wav"), wav);
        Path board = directory.resolve("board");
        try (TensorBoardWriter writer = TensorBoardWriter.append(board, CLOCK)) {
            writer.samples(30, samples);
            writer.samples(31, directory.resolve("none"));
        }
        try (Stream<Path> files = Files.list(board)) {
            List<List<Field>> events = EventFile.read(files.findFirst().orElseThrow());
            assertEquals(
                    List.of("samples/000", "samples/000/prompt", "samples/001"),
                    events.stream()
                            .skip(1)
                            .map(event -> only(value(event), 1).text())
                            .toList());
            assertEquals(30, only(events.get(1), 2).integer());
            List<Field> audio = fields(only(value(events.get(1)), 6).bytes());
            assertEquals(22050f, only(audio, 1).float32());
            assertEquals(2, only(audio, 2).integer());
            assertEquals(441, only(audio, 3).integer());
            assertArrayEquals(wav, only(audio, 4).bytes());
            List<Field> text = fields(only(value(events.get(2)), 8).bytes());
            assertEquals("a slow \"waltz\"", only(text, 8).text());
        }
    }

    @Test
    void theSameRunGivesTheSameBytesAndAResumedOneANewFile() throws IOException {
        TensorBoardWriter.open(directory, 0, CLOCK).close();
        TensorBoardWriter.open(directory, 0, CLOCK).close();
        List<Path> files = files();
        assertEquals(
                List.of("events.out.tfevents.1700000000.encore.000", "events.out.tfevents.1700000000.encore.001"),
                files.stream().map(file -> file.getFileName().toString()).toList());
        assertArrayEquals(Files.readAllBytes(files.get(0)), Files.readAllBytes(files.get(1)));
    }

    private static List<Field> value(List<Field> event) {
        return fields(only(fields(only(event, 5).bytes()), 1).bytes());
    }

    private Path onlyFile() throws IOException {
        assertEquals(1, files().size());
        return files().get(0);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
