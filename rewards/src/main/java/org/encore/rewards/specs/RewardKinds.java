package org.encore.rewards.specs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.encore.base.files.InvalidFileException;
import org.encore.rewards.RewardModel;
import org.encore.rewards.adherence.AdherenceKind;
import org.encore.rewards.quality.AudioQualityKind;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.rewards.trained.RewardKind;

/** All kinds of rewards that lie in directories. */
public final class RewardKinds {
    private static final List<RewardKind> ALL = List.of(new AdherenceKind(), new AudioQualityKind());

    private RewardKinds() {}

    /**
     * The kind of the reward in a directory.
     *
     * @throws InvalidFileException if it is none of those that are known
     */
    public static RewardKind of(RewardDirectory directory) {
        return ALL.stream()
                .filter(kind -> kind.name().equals(directory.kind()))
                .findFirst()
                .orElseThrow(() -> new InvalidFileException(
                        directory.path().resolve(RewardDirectory.DESCRIPTION),
                        "kind is \"" + directory.kind() + "\", but must be one of "
                                + ALL.stream().map(RewardKind::name).toList()));
    }

    /**
     * Refuses a directory that holds no reward of a kind, without loading it.
     *
     * @throws InvalidFileException if it does not
     */
    static void require(Path path, String kind) {
        try {
            RewardDirectory.open(path).requireKind(kind);
        } catch (IOException e) {
            throw new InvalidFileException(path, "cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Builds the reward in a directory, whatever its kind.
     *
     * @param id its name in metrics
     * @throws InvalidFileException if the directory holds none
     */
    public static RewardModel open(String id, Path path) {
        try {
            RewardDirectory directory = RewardDirectory.open(path);
            return of(directory).open(id, directory);
        } catch (IOException e) {
            throw new InvalidFileException(path, "cannot be read: " + e.getMessage(), e);
        }
    }
}
