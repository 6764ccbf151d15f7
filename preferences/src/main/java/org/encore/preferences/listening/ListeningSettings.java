package org.encore.preferences.listening;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.encore.base.settings.Checks;
import org.encore.base.settings.Output;
import org.encore.music.audio.Loudness;
import org.encore.preferences.listening.clips.ClipSource;
import org.encore.preferences.listening.clips.PromptSource;

/**
 * Configuration of a listening test.
 *
 * @param session name of the test in the database, 1 to 200 characters; a test started again under the same name
 *     continues
 * @param database SQLite file for the votes; created if missing
 * @param systems the compared systems: 2 to 20 with different names, all folders or all checkpoints
 * @param prompts prompts that checkpoints generate for; required with checkpoints, refused with folders
 * @param clips folder for generated clips, required with checkpoints; existing clips are reused
 * @param seed seed of the generated clips, the order of the pairs and the sides
 * @param page texts of the listeners' page
 * @param rules rules of the test
 * @param server address, tokens and limits of the server
 */
public record ListeningSettings(
        String session,
        @Output Path database,
        List<ClipSource> systems,
        Optional<PromptSource> prompts,
        @Output Optional<Path> clips,
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
        boolean generates = systems.get(0) instanceof ClipSource.Checkpoint;
        if (generates && prompts.isEmpty()) {
            throw new IllegalArgumentException("prompts is missing, but checkpoints need prompts to generate from");
        }
        if (generates && clips.isEmpty()) {
            throw new IllegalArgumentException("clips is missing, but must name a folder for the generated clips");
        }
        if (!generates && prompts.isPresent()) {
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
     * Texts of the listeners' page.
     *
     * @param title heading of the page, 1 to 100 characters
     * @param question the question above the choices, 1 to 300 characters
     * @param showPrompts whether the page shows the prompt of a pair
     * @param ratings whether listeners rate each clip from 1 to 5, as in the paper's listening test
     * @param instructions what a listener reads before the first pair, at most 5000 characters; a blank line begins a
     *     paragraph; empty without instructions
     * @param consent what a listener must consent to before the first pair, at most 5000 characters; empty without
     * @param levelCheck whether a listener sets the volume and checks the headphones before the first pair
     * @param comments whether a listener may write a comment beside a vote
     */
    public record Page(
            String title,
            String question,
            boolean showPrompts,
            Ratings ratings,
            String instructions,
            String consent,
            boolean levelCheck,
            boolean comments) {
        private static final int LONGEST_TEXT = 5000;

        /** Ratings of single clips. */
        public enum Ratings {
            /** The listener chooses a clip. */
            NONE,
            /** The listener rates both clips and chooses one. */
            BESIDE,
            /** The listener rates both clips; the higher rating is the choice. */
            INSTEAD
        }

        public Page {
            if (title.isBlank() || title.length() > 100) {
                throw new IllegalArgumentException(
                        "title has " + title.length() + " characters, but must have 1 to 100");
            }
            if (question.isBlank() || question.length() > 300) {
                throw new IllegalArgumentException(
                        "question has " + question.length() + " characters, but must have 1 to 300");
            }
            instructions = shortEnough("instructions", instructions);
            consent = shortEnough("consent", consent);
        }

        public static Page defaults() {
            return new Page(
                    "Encore listening",
                    "Which one do you like better?",
                    true,
                    Ratings.NONE,
                    "You hear two pieces of music that answer the same request, and say which one you like better. There is"
                            + " no right or wrong answer. Use headphones in a quiet room. You may listen as often as you like,"
                            + " and take back the last answer.",
                    "",
                    true,
                    true);
        }

        private static String shortEnough(String name, String text) {
            if (text.length() > LONGEST_TEXT) {
                throw new IllegalArgumentException(
                        name + " has " + text.length() + " characters, but may have at most " + LONGEST_TEXT);
            }
            return text.strip();
        }
    }

    /**
     * Rules of the test.
     *
     * @param votesPerPair votes per pair, skips included, after which it is no longer shown
     * @param leastSeconds seconds of each clip that must be heard before a vote; of shorter clips 95 %
     * @param longestSeconds length at which clips are cut, in seconds
     * @param loudness at which clips are played, in LUFS; a clip whose peaks leave no room for it is played softer, and so
     *     is the other of its pair; 0 plays clips as they are
     */
    public record Rules(int votesPerPair, double leastSeconds, double longestSeconds, double loudness) {
        public Rules {
            Checks.within("votesPerPair", votesPerPair, 1, 1_000_000);
            Checks.within("leastSeconds", leastSeconds, 0.0, 600.0);
            Checks.within("longestSeconds", longestSeconds, 1.0, 600.0);
            Loudness.requireTarget("loudness", loudness);
        }

        public static Rules defaults() {
            return new Rules(3, 5.0, 20.0, Loudness.STANDARD);
        }
    }

    /**
     * Address, tokens and limits of the server.
     *
     * @param host name or address to listen on; a loopback address restricts the test to this machine
     * @param port port to listen on; 0 takes any free one
     * @param listenerToken token in the listeners' link: 16 to 200 letters, digits, dashes and underscores; may be
     *     empty on a loopback address only
     * @param organiserToken token in the organiser's link; if empty, on a loopback address only, a new one is generated
     *     at each start
     * @param limits limits of requests and listeners
     */
    public record ServerSettings(String host, int port, String listenerToken, String organiserToken, Limits limits) {
        private static final int SHORTEST_TOKEN = 16;
        private static final int LONGEST_TOKEN = 200;

        public ServerSettings {
            Checks.within("port", port, 0, 65535);
            requireToken("listenerToken", listenerToken);
            requireToken("organiserToken", organiserToken);
            if (!organiserToken.isEmpty() && organiserToken.equals(listenerToken)) {
                throw new IllegalArgumentException(
                        "organiserToken is the same as listenerToken, but listeners must not see what the organiser sees");
            }
            if (!address(host).isLoopbackAddress() && (listenerToken.isEmpty() || organiserToken.isEmpty())) {
                String missing = listenerToken.isEmpty() ? "listenerToken" : "organiserToken";
                throw new IllegalArgumentException(missing + " is empty, but " + host
                        + " can be reached from other machines: set both tokens, or listen on 127.0.0.1");
            }
        }

        /** This machine only, port 8321, no token for listeners. */
        public static ServerSettings defaults() {
            return new ServerSettings("127.0.0.1", 8321, "", "", Limits.defaults());
        }

        /** The resolved address of {@code host}. */
        public InetAddress address() {
            return address(host);
        }

        private static InetAddress address(String host) {
            try {
                if (host.isBlank()) {
                    throw new UnknownHostException(host);
                }
                return InetAddress.getByName(host);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(
                        "host is \"" + host + "\", but must be a name or an address of this machine, e.g. 127.0.0.1",
                        e);
            }
        }

        private static void requireToken(String name, String token) {
            if (!token.isEmpty() && !token.matches("[A-Za-z0-9_-]{" + SHORTEST_TOKEN + "," + LONGEST_TOKEN + "}")) {
                throw new IllegalArgumentException(
                        name + " has " + token.length() + " characters, but must have " + SHORTEST_TOKEN + " to "
                                + LONGEST_TOKEN + ", all of them letters, digits, dashes or underscores");
            }
        }

        /**
         * Limits of requests and listeners. Requests beyond a rate get status 429.
         *
         * @param votesPerMinute votes per minute of one listener
         * @param requestsPerMinute requests per minute of one listener, and of all clients of one address that have not
         *     joined
         * @param joinsPerMinute attempts to join per minute from one address, those with wrong tokens included
         * @param bodyBytes longest body of a request, in bytes
         * @param listeners most listeners while the server runs
         */
        public record Limits(
                int votesPerMinute, int requestsPerMinute, int joinsPerMinute, int bodyBytes, int listeners) {
            private static final int MOST_A_MINUTE = 1_000_000;

            public Limits {
                Checks.within("votesPerMinute", votesPerMinute, 1, MOST_A_MINUTE);
                Checks.within("requestsPerMinute", requestsPerMinute, 1, MOST_A_MINUTE);
                Checks.within("joinsPerMinute", joinsPerMinute, 1, MOST_A_MINUTE);
                Checks.within("bodyBytes", bodyBytes, 256, 65536);
                Checks.within("listeners", listeners, 1, 100_000);
            }

            public static Limits defaults() {
                return new Limits(30, 600, 60, 4096, 1000);
            }
        }
    }
}
