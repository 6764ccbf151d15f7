package org.encore.rewards.preference;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.encore.base.files.InvalidFileException;
import org.encore.model.decoding.CodeSequence;
import org.encore.music.codec.SymbolicCodec;

/** Gives clips scores of which the differences are log-odds of being preferred. */
public interface PreferenceModel extends AutoCloseable {
    /** What it is shown of a clip. */
    ClipReading reading();

    /** What it reads clips in. */
    SymbolicCodec codec();

    /** The longest clip it reads, in frames. */
    int mostFrames();

    /**
     * Scores clips, each for itself.
     *
     * @param clips as {@link ClipReading} gives them, at least one
     * @return as many finite scores, in their order
     */
    double[] scores(List<CodeSequence> clips);

    @Override
    void close();

    /** Loads preference models. */
    final class PreferenceModels {
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
}
