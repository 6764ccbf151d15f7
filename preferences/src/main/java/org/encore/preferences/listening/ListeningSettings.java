package org.encore.preferences.listening;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.encore.base.settings.Checks;
import org.encore.preferences.listening.clips.ClipSource;
import org.encore.preferences.listening.clips.PromptSource;

/**
 * A listening test.
 *
 * @param session name under which the database keeps the pairs, 1 to 200 characters; a test that is started again under the same
 *     name goes on
 * @param database the votes, a SQLite file; made if it is not there
 * @param systems what is compared: 2 to 20 systems with different names, all folders or all checkpoints
 * @param prompts what checkpoints generate for; required with checkpoints, refused with folders
 * @param clips folder for what checkpoints generate, required with them; clips that are there already are not made again
 * @param seed decides what is generated, the order of the pairs, and which clip is A
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
     * What listeners read.
     *
     * @param title heading of the page, 1 to 100 characters
     * @param question the question above the choices, 1 to 300 characters
     * @param showPrompts whether listeners read the prompt of both clips
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
     * @param votesPerPair votes, skips included, after which a pair is shown no more
     * @param leastSeconds seconds of either clip that must be heard before a choice; 95 % of shorter clips
     * @param longestSeconds where clips are cut, in seconds
     */
    public record Rules(int votesPerPair, double leastSeconds, double longestSeconds) {
        public Rules {
            Checks.within("votesPerPair", votesPerPair, 1, 1_000_000);
            Checks.within("leastSeconds", leastSeconds, 0.0, 600.0);
            Checks.within("longestSeconds", longestSeconds, 1.0, 600.0);
        }

        public static Rules defaults() {
            return new Rules(3, 5.0, 20.0);
        }
    }

    /**
     * Where a listening test is served, and who may come.
     *
     * @param host name or address to listen on; a loopback address keeps the test on this machine
     * @param port the port to listen on; 0 takes any free one
     * @param listenerToken what listeners must know, as part of their link: 16 to 200 letters, digits, dashes, underscores; may be
     *     empty on a loopback address only
     * @param organiserToken what the organiser must know; if empty, on a loopback address only, one is made at each start
     * @param limits how much may be asked for
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

        /** The address to listen on. */
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
         * How much may be asked for. What exceeds a rate is answered with status 429 and may come later.
         *
         * @param votesPerMinute votes of one listener
         * @param requestsPerMinute requests of one listener, and of all who have not joined from one address
         * @param joinsPerMinute new listeners from one address, attempts with wrong tokens included
         * @param bodyBytes the longest body of a request
         * @param listeners the most listeners while the server runs
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
