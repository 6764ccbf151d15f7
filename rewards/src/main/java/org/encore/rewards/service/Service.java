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
 * {@link ServiceReward}: a program that is asked over HTTP.
 *
 * @param url where requests are posted to, http or https
 * @param reach which machines may be asked
 * @param sound how the sound of a sample is sent
 * @param notes whether the notes of a sample are sent
 * @param batch the most samples of a request, at least 1
 * @param timeoutSeconds the most time for one answer, above 0
 * @param attempts how often a request is made before the service counts as failed, from 1 to 100
 * @param backoffSeconds the pause before the second attempt, at least 0; each further one is twice as long
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
    /** Which machines may be asked. */
    public enum Reach {
        /** Only this one: prompts and samples do not leave it. */
        LOOPBACK,
        /** Any. */
        ANY
    }

    /** How the sound of a sample is sent. */
    public enum Sound {
        /** A WAV file in the request, in Base64. */
        BASE64,
        /** The path of a WAV file, which is deleted when the service has answered; it must be on the same machine. */
        PATH,
        /** Not at all, which saves rendering it. */
        NONE
    }

    /** Whether notes are sent. */
    public enum Notes {
        /** A MIDI file in the request, in Base64, where the sample has notes. */
        BASE64,
        /** Not at all. */
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
     * Sound but no notes, 16 samples a request, three attempts of a minute each, and half a second before the second: our
     * choice. The url is null: a configuration must say it.
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
            // Told below, like everything that is no address.
        }
        throw new IllegalArgumentException(
                "url is \"" + url + "\", but must be an address such as http://localhost:8000/score");
    }

    /** Names other than localhost are not looked up: what they mean can change. */
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

    /** The address. */
    URI uri() {
        return parsed(url);
    }
}
