package org.encore.preferences.listening.clips;

import java.nio.file.Path;
import org.encore.base.settings.Checks;

/** One of the systems that are compared, and where its clips come from. */
public sealed interface ClipSource {
    /** What the organiser calls the system; listeners never see it. */
    String name();

    /**
     * A folder of clips: {@code .wav}, {@code .mid} or {@code .midi} files. Files of the same name without its ending,
     * in the folders of two systems, are compared. The prompt is the value of {@code prompt} in a JSON file of that
     * name, as Encore writes it beside samples, or the text of a {@code .txt} file of that name, or empty.
     *
     * @param name of the system, 1 to 100 characters; listeners never see it
     * @param folder where the files lie; its subfolders are not looked into
     */
    record Folder(String name, Path folder) implements ClipSource {
        public Folder {
            requireName(name);
        }
    }

    /**
     * A model that generates clips for the test's prompts.
     *
     * @param name of the system, 1 to 100 characters; listeners never see it
     * @param checkpoint a model directory
     * @param temperature divides the logits; 0 always takes the most probable code
     */
    record Checkpoint(String name, Path checkpoint, double temperature) implements ClipSource {
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
