package org.encore.preferences.listening;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.encore.preferences.listening.clips.ClipSource;
import org.encore.preferences.listening.clips.PromptSource;

/**
 * A listening test.
 *
 * @param session name under which the store keeps the pairs; a test that is started again under the same name goes on
 * @param database the store, a SQLite file; made if it is not there
 * @param systems what is compared, 2 to 20, all folders or all checkpoints; every two of them are a match
 * @param prompts what checkpoints are asked to play; absent where the systems are folders
 * @param clips folder for what checkpoints play; what is there already is not played again
 * @param seed decides what is played, which pair comes when, and which clip stands where
 * @param page what the listeners read
 * @param rules of the test
 * @param server where it listens, and who may come
 */
public record ListeningSettings(
        String session,
        Path database,
        List<ClipSource> systems,
        Optional<PromptSource> prompts,
        Optional<Path> clips,
        long seed,
        Page page,
        Rules rules,
        ServerSettings server) {
    private static final int MOST_SYSTEMS = 20;

    public ListeningSettings {
        if (session.isBlank() || session.length() > 200) {
            throw new IllegalArgumentException(
                    "session has " + session.length() + " characters, but must be a name of 1 to 200");
        }
        systems = List.copyOf(systems);
        requireSystems(systems);
        boolean plays = systems.get(0) instanceof ClipSource.Checkpoint;
        if (plays && prompts.isEmpty()) {
            throw new IllegalArgumentException("prompts is missing, but checkpoints must be told what to play");
        }
        if (plays && clips.isEmpty()) {
            throw new IllegalArgumentException("clips is missing, but what checkpoints play must be kept in a folder");
        }
        if (!plays && prompts.isPresent()) {
            throw new IllegalArgumentException(
                    "prompts is given, but the systems are folders, whose prompts lie beside the clips: leave it out");
        }
    }

    private static void requireSystems(List<ClipSource> systems) {
        if (systems.size() < 2 || systems.size() > MOST_SYSTEMS) {
            throw new IllegalArgumentException(
                    "systems has " + systems.size() + " entries, but must have 2 to " + MOST_SYSTEMS);
        }
        Set<String> names = new HashSet<>();
        for (ClipSource system : systems) {
            if (!names.add(system.name())) {
                throw new IllegalArgumentException(
                        "systems has two entries named " + system.name() + ", but names must differ");
            }
            if (system.getClass() != systems.get(0).getClass()) {
                throw new IllegalArgumentException("systems has folders and checkpoints, but must have one kind: let "
                        + "`encore generate` fill a folder first");
            }
        }
    }

    /**
     * What listeners read.
     *
     * @param title of the page
     * @param question that stands above the choices; the paper gave its users no instructions, on purpose
     * @param showPrompts whether they read what both clips were made for
     */
    public record Page(String title, String question, boolean showPrompts) {
        public Page {
            if (title.isBlank() || title.length() > 100) {
                throw new IllegalArgumentException(
                        "title has " + title.length() + " characters, but must have 1 to 100");
            }
            if (question.isBlank() || question.length() > 300) {
                throw new IllegalArgumentException(
                        "question has " + question.length() + " characters, but must have 1 to 300");
            }
        }

        public static Page defaults() {
            return new Page("Encore listening", "Which one do you like better?", true);
        }
    }

    /**
     * What is asked of listeners.
     *
     * @param votesPerPair after how many votes (skips included) a pair is dealt no more, in [1, 1000000]
     * @param leastSeconds how much of either clip must be heard before a choice, in [0, 600]; of shorter clips 95 %
     * @param longestSeconds where clips are cut, in [1, 600]; the paper's clips last 20 s
     */
    public record Rules(int votesPerPair, double leastSeconds, double longestSeconds) {
        public Rules {
            if (votesPerPair < 1 || votesPerPair > 1_000_000) {
                throw new IllegalArgumentException(
                        "votesPerPair is " + votesPerPair + ", but must lie in [1, 1000000]");
            }
            if (!(leastSeconds >= 0.0 && leastSeconds <= 600.0)) {
                throw new IllegalArgumentException("leastSeconds is " + leastSeconds + ", but must lie in [0, 600]");
            }
            if (!(longestSeconds >= 1.0 && longestSeconds <= 600.0)) {
                throw new IllegalArgumentException(
                        "longestSeconds is " + longestSeconds + ", but must lie in [1, 600]");
            }
        }

        public static Rules defaults() {
            return new Rules(3, 5.0, 20.0);
        }
    }
}
