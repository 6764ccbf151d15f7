package org.encore.web;

import io.javalin.http.Context;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.encore.web.Refusal.Reason;

/** Checks every request and sets the headers of every response. */
final class RequestGuard {
    private static final String CONTENT_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final boolean loopbackOnly;

    /**
     * Creates the guard.
     *
     * @param loopbackOnly whether the server is reachable from this machine only; then requests for other host names
     *     are refused, against DNS rebinding
     */
    RequestGuard(boolean loopbackOnly) {
        this.loopbackOnly = loopbackOnly;
    }

    /** Sets the headers of the response, and refuses requests that our pages do not send. */
    void check(Context request) {
        request.header("Content-Security-Policy", CONTENT_POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
                .header("Cache-Control", "no-store");
        String host = request.header("Host");
        if (host == null || (loopbackOnly && !isLoopback(host))) {
            throw Refusal.of(Reason.NOT_FOUND, "this server answers under its own name only");
        }
        String origin = request.header("Origin");
        if (origin != null && !host.equalsIgnoreCase(authority(origin))) {
            throw Refusal.of(Reason.NOT_FOUND, "requests from pages of other servers are refused");
        }
    }

    private static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]{1,5}$", "");
        return name.equals("localhost") || name.equals("[::1]") || name.matches("127(\\.[0-9]{1,3}){3}");
    }

    private static String authority(String origin) {
        try {
            String authority = new URI(origin).getAuthority();
            return authority == null ? "" : authority;
        } catch (URISyntaxException e) {
            return "";
        }
    }
}
