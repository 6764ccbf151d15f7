package org.encore.music.codec;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.encore.base.files.AtomicFiles;
import org.encore.music.Piece;
import org.encore.music.audio.Loudness;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.midi.MidiFiles;

/**
 * The files of a clip: JSON with its prompt and what else is known of it, MIDI if it has notes, and WAV.
 *
 * <p>A folder of them is a system of a listening test.
 *
 * @param json {@code prompt}, {@code seconds} and further facts
 * @param midi empty if the clip has no notes
 * @param wav the sound
 */
public record ClipFiles(Path json, Optional<Path> midi, Path wav) {
    private static final String MIDI = ".mid";

    /**
     * Writes the files of a clip; the sound comes last, so that a clip with sound is complete.
     *
     * @param name of the files, without an ending
     * @param loudness of the sound in LUFS, 0 as it is
     * @param facts what else the JSON says
     */
    public static ClipFiles write(
            Path directory, String name, Clip clip, double loudness, String prompt, Map<String, ?> facts)
            throws IOException {
        Waveform sound = clip.waveform();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("prompt", prompt);
        all.put("seconds", sound.seconds());
        all.putAll(facts);
        Path json = directory.resolve(name + ".json");
        AtomicFiles.write(
                json, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(all));
        Path midi = directory.resolve(name + MIDI);
        Optional<Piece> notes = clip.piece().filter(piece -> !piece.notes().isEmpty());
        if (notes.isPresent()) {
            MidiFiles.write(midi, notes.get());
        } else {
            // Of an earlier clip of this name.
            Files.deleteIfExists(midi);
        }
        Path wav = directory.resolve(name + ".wav");
        WaveFiles.write(wav, Loudness.matched(sound, loudness));
        return new ClipFiles(json, notes.map(any -> midi), wav);
    }

    /** The files of this name that exist, of any of the three kinds. */
    public static List<Path> existing(Path directory, String name) {
        return List.of(".json", MIDI, ".wav").stream()
                .map(ending -> directory.resolve(name + ending))
                .filter(Files::exists)
                .toList();
    }
}
