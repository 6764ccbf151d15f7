package org.encore.rewards.service;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.encore.music.audio.WaveFiles;
import org.encore.music.files.AtomicFiles;
import org.encore.music.midi.MidiFiles;
import org.encore.rewards.Sample;

/** One request: {@code {"reward": …, "samples": [{"prompt": …, "wav": …, "midi": …}, …]}}. */
final class Question implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final byte[] body;
    private final int samples;

    /** Where WAV files lie that the request names, or null. */
    private final Path files;

    private Question(byte[] body, int samples, Path files) {
        this.body = body;
        this.samples = samples;
        this.files = files;
    }

    /** Writes the request, and the files it names. */
    static Question about(String reward, List<Sample> samples, ServiceSettings settings) throws IOException {
        if (settings.sound() != ServiceSettings.Sound.NONE) {
            // Rendering takes longest; clips may be rendered side by side.
            samples.parallelStream().forEach(sample -> sample.clip().waveform());
        }
        Path files = settings.sound() == ServiceSettings.Sound.PATH ? Files.createTempDirectory("encore-reward") : null;
        ObjectNode request = JSON.createObjectNode().put("reward", reward);
        for (int i = 0; i < samples.size(); i++) {
            ObjectNode each = request.withArray("/samples").addObject();
            write(samples.get(i), each, settings, files == null ? null : files.resolve(name(i)));
        }
        return new Question(JSON.writeValueAsBytes(request), samples.size(), files);
    }

    private static void write(Sample sample, ObjectNode to, ServiceSettings settings, Path file) throws IOException {
        to.put("prompt", sample.prompt().text());
        switch (settings.sound()) {
            case BASE64 -> to.put("wav", WaveFiles.toBytes(sample.clip().waveform()));
            case PATH -> {
                WaveFiles.write(file, sample.clip().waveform());
                to.put("wav_path", file.toAbsolutePath().toString());
            }
            case NONE -> {}
        }
        if (settings.notes() == ServiceSettings.Notes.BASE64) {
            sample.clip().piece().ifPresent(piece -> to.put("midi", MidiFiles.toBytes(piece)));
        }
    }

    private static String name(int index) {
        return String.format(Locale.ROOT, "%03d.wav", index);
    }

    byte[] body() {
        return body;
    }

    int samples() {
        return samples;
    }

    @Override
    public void close() throws IOException {
        if (files != null) {
            AtomicFiles.deleteRecursively(files);
        }
    }
}
