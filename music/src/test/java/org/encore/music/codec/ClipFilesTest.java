package org.encore.music.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.encore.music.audio.Waveform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipFilesTest {
    @TempDir
    private Path directory;

    /** Notes of an earlier clip of the name would not be of this sound. */
    @Test
    void aClipThatIsSoundAloneHasNoMidi() throws IOException {
        Clip sound = Clip.of(new Waveform(new float[] {0.5f, -0.5f}, 32_000));
        Files.writeString(directory.resolve("a.mid"), "earlier");
        ClipFiles files = ClipFiles.write(directory, "a", sound, 0.0, "rain", Map.of("codes", 7));
        assertEquals(Optional.empty(), files.midi());
        assertEquals(List.of(files.json(), files.wav()), ClipFiles.existing(directory, "a"));
        assertTrue(Files.size(files.wav()) > 44);
        assertEquals(
                new ObjectMapper().readTree("{\"prompt\": \"rain\", \"seconds\": 6.25e-5, \"codes\": 7}"),
                new ObjectMapper().readTree(files.json().toFile()));
    }
}
