package org.encore.evaluation.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.encore.music.audio.Loudness;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.Clip;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.run.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleFilesTest {
    @TempDir
    private Path directory;

    private static Waveform tone(float amplitude) {
        float[] samples = new float[32000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = amplitude * (float) Math.sin(2.0 * Math.PI * 440.0 * i / 16000);
        }
        return new Waveform(samples, 16000);
    }

    /** The files are for ears; rewards hear the clip, which stays as the model made it. */
    @Test
    void filesAreEquallyLoudAndClipsStayAsTheyAre() throws IOException {
        Sample quiet = Sample.of(new Prompt("a", Attributes.NONE), Clip.of(tone(0.01f)));
        Sample loud = Sample.of(new Prompt("b", Attributes.NONE), Clip.of(tone(0.5f)));
        RunDirectory run = RunDirectory.create(directory.resolve("run"));
        new SampleFiles(run, 1, Loudness.STANDARD).write(List.of(quiet, loud));
        for (String file : List.of("000.wav", "001.wav")) {
            Waveform written = WaveFiles.read(run.samples(1).resolve(file));
            assertEquals(Loudness.STANDARD, Loudness.of(written), 0.02, file);
        }
        assertArrayEquals(tone(0.01f).samples(), quiet.clip().waveform().samples());
        assertArrayEquals(tone(0.5f).samples(), loud.clip().waveform().samples());
        new SampleFiles(run, 2, 0.0).write(List.of(loud));
        assertArrayEquals(
                WaveFiles.toBytes(tone(0.5f)), Files.readAllBytes(run.samples(2).resolve("000.wav")));
    }
}
