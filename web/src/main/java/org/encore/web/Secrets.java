package org.encore.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.KeyGenerator;

/** Random secrets. */
public final class Secrets {
    private static final int BITS = 128;

    private Secrets() {}

    /** A fresh secret of 128 bits, as 32 hexadecimal digits. */
    public static String fresh() {
        try {
            // A key generator, because a secret must be unpredictable: it is the one thing that must not depend on the
            // seed.
            KeyGenerator generator = KeyGenerator.getInstance("AES");
            generator.init(BITS);
            return HexFormat.of().formatHex(generator.generateKey().getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has AES", e);
        }
    }

    /** Whether two secrets are equal, in constant time. */
    public static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
