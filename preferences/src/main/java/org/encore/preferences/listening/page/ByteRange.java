package org.encore.preferences.listening.page;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a clip that a request asks for (RFC 9110, section 14).
 *
 * @param from first byte
 * @param to the one after the last byte
 * @param isPart whether a range was asked for, rather than all
 */
record ByteRange(int from, int to, boolean isPart) {
    private static final Pattern ONE_RANGE = Pattern.compile("bytes=([0-9]{0,9})-([0-9]{0,9})");

    /**
     * Reads the header {@code Range}; one that is absent or not understood, several ranges included, asks for all.
     *
     * @param length of the clip in bytes
     * @return empty if the range lies outside of the clip
     */
    static Optional<ByteRange> of(String header, int length) {
        Matcher range = ONE_RANGE.matcher(header == null ? "" : header);
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return Optional.of(new ByteRange(0, length, false));
        }
        int from;
        int to;
        if (range.group(1).isEmpty()) {
            from = Math.max(0, length - Integer.parseInt(range.group(2)));
            to = length;
        } else {
            from = Integer.parseInt(range.group(1));
            to = range.group(2).isEmpty() ? length : Math.min(length, Integer.parseInt(range.group(2)) + 1);
        }
        return from < to ? Optional.of(new ByteRange(from, to, true)) : Optional.empty();
    }
}
