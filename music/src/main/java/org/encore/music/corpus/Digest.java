package org.encore.music.corpus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over a sequence of texts and byte blocks, each preceded by its length. */
final class Digest {
    private static final int SHOWN_BYTES = 8;

    private final MessageDigest sha256;

    Digest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    Digest add(byte[] block) {
        sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(block.length).array());
        sha256.update(block);
        return this;
    }

    Digest add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The first 16 hexadecimal digits; ends the sequence. */
    String hex() {
        return HexFormat.of().formatHex(sha256.digest(), 0, SHOWN_BYTES);
    }

    /** A number in [0, 100), the same on every machine; ends the sequence. */
    int perCent() {
        return (int) Math.floorMod(ByteBuffer.wrap(sha256.digest()).getLong(), 100L);
    }
}
