package org.encore.rewards.learned;

import java.io.IOException;
import java.nio.file.Path;
import org.encore.music.files.InvalidFileException;

/** Loads preference models. */
public final class PreferenceModels {
    private PreferenceModels() {}

    /**
     * Loads the model of a directory, whichever kind it is.
     *
     * @throws InvalidFileException if the directory does not hold a preference model
     */
    public static PreferenceModel load(Path directory) throws IOException {
        PreferenceFile file = PreferenceFile.read(directory);
        return switch (file.kind()) {
            case NETWORK -> PreferenceNetwork.load(directory, file);
            case MEASURES -> MeasuredPreference.load(directory, file);
        };
    }
}
