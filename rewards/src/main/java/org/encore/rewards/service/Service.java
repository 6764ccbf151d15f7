package org.encore.rewards.service;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Objects;
import org.encore.base.settings.Checks;
import org.encore.rewards.RewardModel;
import org.encore.rewards.mixture.RewardSpec;

/**
 * Settings of {@link ServiceReward}.
 *
 * @param url address that requests are posted to, http or https
 * @param reach machines that the address may name
 * @param sound how sound is sent
 * @param notes whether notes are sent
 * @param batch most samples per request
 * @param timeoutSeconds time limit per response
 * @param attempts attempts per request before the reward fails
 * @param backoffSeconds pause before the second attempt; it doubles with each further attempt
 */
public record Service(
        String url,
        Reach reach,
        Sound sound,
        Notes notes,
        int batch,
        double timeoutSeconds,
        int attempts,
        double backoffSeconds)
        implements RewardSpec {
    /** Machines that a service may run on. */
    public enum Reach {
        /** Only this one, so that prompts and samples do not leave it. */
        LOOPBACK,
        /** Any machine. */
        ANY
    }

    /** How sound is sent. */
    public enum Sound {
        /** As a WAV file in the request, in Base64. */
        BASE64,
        /** As the path of a temporary WAV file, for a service on the same machine. */
        PATH,
        /** Not sent, and therefore not rendered. */
        NONE
    }

    /** Whether notes are sent. */
    public enum Notes {
        /** As a MIDI file in the request, in Base64, for samples with notes. */
        BASE64,
        /** Not sent. */
        NONE
    }

    public Service {
        Objects.requireNonNull(sound, "sound");
        Objects.requireNonNull(notes, "notes");
        if (url != null) {
            requireReachable(url, reach);
        }
        Checks.above("timeoutSeconds", timeoutSeconds, 0.0);
        Checks.atLeast("batch", batch, 1);
        Checks.within("attempts", attempts, 1, 100);
        Checks.atLeast("backoffSeconds", backoffSeconds, 0.0);
    }

    /**
     * Sound but no notes, 16 samples per request, three attempts of a minute each, half a second before the second: our
     * choice. The url is null, because a configuration must give it.
     */
    public static Service defaults() {
        return new Service(null, Reach.LOOPBACK, Sound.BASE64, Notes.NONE, 16, 60.0, 3, 0.5);
    }

    @Override
    public RewardModel reward(String id) {
        return new ServiceReward(id, this);
    }

    private static void requireReachable(String url, Reach reach) {
        URI uri = parsed(url);
        if (reach == Reach.LOOPBACK && !isLoopback(uri.getHost())) {
            throw new IllegalArgumentException("url is \"" + url + "\", but " + uri.getHost()
                    + " is not this machine, which prompts and samples shall not leave;"
                    + " use localhost, or allow it by reach: any");
        }
    }

    private static URI parsed(String url) {
        try {
            URI uri = new URI(url);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Reported below, with all other malformed addresses.
        }
        throw new IllegalArgumentException(
                "url is \"" + url + "\", but must be an address such as http://localhost:8000/score");
    }

    /** Names other than localhost are not resolved, because their address can change. */
    private static boolean isLoopback(String host) {
        String plain = host.replaceAll("[\\[\\]]", "");
        if (plain.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return plain.matches("[0-9.]+|[0-9a-fA-F]*:[0-9a-fA-F:.]*")
                    && InetAddress.getByName(plain).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The URI. */
    URI uri() {
        return parsed(url);
    }
}
