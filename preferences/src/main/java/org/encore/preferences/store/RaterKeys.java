package org.encore.preferences.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes the tokens of raters with a secret key.
 *
 * <p>A plain hash of a name or an address could be reversed by hashing guesses. So each database has its own random
 * key (HMAC, RFC 2104), which no export contains.
 */
final class RaterKeys {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int PSEUDONYM_DIGITS = 12;

    private final byte[] key;

    RaterKeys(byte[] key) {
        this.key = key.clone();
    }

    /** A random key. */
    static byte[] freshKey() {
        try {
            return KeyGenerator.getInstance(ALGORITHM).generateKey().getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** The hash of a token, as 64 hexadecimal digits. */
    String hash(String token) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(token.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** The pseudonym of a hash in reports and exports. */
    static String pseudonym(String hash) {
        return "r-" + hash.substring(0, PSEUDONYM_DIGITS);
    }
}
