package org.encore.preferences.listening;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where a listening test is served, and who may come.
 *
 * @param host name or address to listen on; a loopback address keeps the test on this machine
 * @param port in [0, 65535]; 0 takes any free one
 * @param listenerToken what listeners must know, as part of their link; may be empty on a loopback address only
 * @param organiserToken what the organiser must know; if empty, on a loopback address only, one is made at each start
 * @param limits how much may be asked for
 */
public record ServerSettings(String host, int port, String listenerToken, String organiserToken, Limits limits) {
    private static final int SHORTEST_TOKEN = 16;
    private static final int LONGEST_TOKEN = 200;

    public ServerSettings {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port is " + port + ", but must lie in [0, 65535]");
        }
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
                    "host is \"" + host + "\", but must be a name or an address of this machine, e.g. 127.0.0.1", e);
        }
    }

    private static void requireToken(String name, String token) {
        if (!token.isEmpty() && !token.matches("[A-Za-z0-9_-]{" + SHORTEST_TOKEN + "," + LONGEST_TOKEN + "}")) {
            throw new IllegalArgumentException(name + " has " + token.length() + " characters, but must have "
                    + SHORTEST_TOKEN + " to " + LONGEST_TOKEN + ", all of them letters, digits, dashes or underscores");
        }
    }

    /**
     * How much may be asked for. What exceeds a rate is answered with status 429 and may come later.
     *
     * @param votesPerMinute of one listener, at least 1
     * @param requestsPerMinute of one listener, and of all who have not joined from one address, at least 1
     * @param joinsPerMinute new listeners from one address, and tries of tokens, at least 1
     * @param bodyBytes of a request, in [256, 65536]
     * @param listeners who may take part while the server runs, in [1, 100000]
     */
    public record Limits(int votesPerMinute, int requestsPerMinute, int joinsPerMinute, int bodyBytes, int listeners) {
        public Limits {
            requireRate("votesPerMinute", votesPerMinute);
            requireRate("requestsPerMinute", requestsPerMinute);
            requireRate("joinsPerMinute", joinsPerMinute);
            requireRange("bodyBytes", bodyBytes, 256, 65536);
            requireRange("listeners", listeners, 1, 100_000);
        }

        public static Limits defaults() {
            return new Limits(30, 600, 60, 4096, 1000);
        }

        private static void requireRate(String name, int value) {
            requireRange(name, value, 1, 1_000_000);
        }

        private static void requireRange(String name, int value, int low, int high) {
            if (value < low || value > high) {
                throw new IllegalArgumentException(
                        name + " is " + value + ", but must lie in [" + low + ", " + high + "]");
            }
        }
    }
}
