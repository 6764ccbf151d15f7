package org.encore.trainer.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads from a {@code .git} directory which commit is checked out, without a git program. */
final class GitCommit {
    private static final String REFERENCE = "ref: ";
    private static final String LINK = "gitdir: ";

    private GitCommit() {}

    /**
     * Finds the commit.
     *
     * @param tree the root of a working tree
     * @return its hexadecimal name; empty if it cannot be told
     */
    static Optional<String> of(Path tree) {
        try {
            Path git = tree.resolve(".git");
            if (Files.isRegularFile(git)) {
                // A linked working tree or a submodule.
                git = tree.resolve(firstLine(git).substring(LINK.length()));
            }
            String head = firstLine(git.resolve("HEAD"));
            return head.startsWith(REFERENCE) ? commit(git, head.substring(REFERENCE.length())) : hexadecimal(head);
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<String> commit(Path git, String reference) throws IOException {
        Path common =
                Files.isRegularFile(git.resolve("commondir")) ? git.resolve(firstLine(git.resolve("commondir"))) : git;
        if (Files.isRegularFile(common.resolve(reference))) {
            return hexadecimal(firstLine(common.resolve(reference)));
        }
        for (String line : Files.readAllLines(common.resolve("packed-refs"))) {
            if (line.endsWith(" " + reference)) {
                return hexadecimal(line.substring(0, line.indexOf(' ')));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> hexadecimal(String text) {
        return text.matches("[0-9a-f]{40}([0-9a-f]{24})?") ? Optional.of(text) : Optional.empty();
    }

    private static String firstLine(Path file) throws IOException {
        return Files.readString(file).lines().findFirst().orElse("").strip();
    }
}
