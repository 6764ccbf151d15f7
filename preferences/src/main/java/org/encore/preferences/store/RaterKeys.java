package org.encore.preferences.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns the tokens of raters into hashes that cannot be traced back by trying names.
 *
 * <p>A plain hash of an address or a name is no protection, because names can be guessed and hashed as well. So each
 * database hashes with a key of its own (HMAC, RFC 2104), which no export contains.
 */
final class RaterKeys {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int PSEUDONYM_DIGITS = 12;

    private final byte[] key;

    RaterKeys(byte[] key) {
        this.key = key.clone();
    }

    /** A key that nobody can guess. */
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

    /** How reports and exports call the rater of a hash. */
    static String pseudonym(String hash) {
        return "r-" + hash.substring(0, PSEUDONYM_DIGITS);
    }
}
