package org.encore.preferences.listening.clips;

import java.nio.file.Path;
import java.util.Optional;
import org.encore.base.settings.Checks;

/** One of the compared systems, and the source of its clips. */
public sealed interface ClipSource {
    /** The name of the system, hidden from listeners. */
    String name();

    /**
     * A folder of clips: sound (WAV, FLAC, MP3, Ogg Vorbis) or MIDI files. Files of two systems with the same name,
     * endings aside, are compared. The prompt is the value of {@code prompt} in a JSON file of that name, or the text
     * of a {@code .txt} file of that name, or empty.
     *
     * @param name name of the system, 1 to 100 characters; hidden from listeners
     * @param folder folder of the files, without its subfolders
     */
    record Folder(String name, Path folder) implements ClipSource {
        public Folder {
            requireName(name);
        }
    }

    /**
     * A model that generates clips for the test's prompts.
     *
     * @param name name of the system, 1 to 100 characters; hidden from listeners
     * @param checkpoint directory of the model
     * @param temperature sampling temperature; 0 always takes the most probable code
     * @param steer traits to steer towards with the probes beside the checkpoint, as {@code generate --steer} has them, separated by commas, such as {@code drums=0.8, bass=-0.5}
     */
    record Checkpoint(String name, Path checkpoint, double temperature, Optional<String> steer) implements ClipSource {
        public Checkpoint {
            requireName(name);
            Checks.within("temperature", temperature, 0.0, 10.0);
        }
    }

    private static void requireName(String name) {
        if (!name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,99}")) {
            throw new IllegalArgumentException("name is \"" + name
                    + "\", but must have 1 to 100 letters, digits, spaces, points, dashes or underscores");
        }
    }
}
