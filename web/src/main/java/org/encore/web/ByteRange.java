package org.encore.web;

import io.javalin.http.Context;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The byte range of a request (RFC 9110, section 14).
 *
 * @param from first byte
 * @param to the byte after the last
 * @param isPart whether the request has a range
 */
public record ByteRange(int from, int to, boolean isPart) {
    private static final Pattern ONE_RANGE = Pattern.compile("bytes=([0-9]{0,9})-([0-9]{0,9})");

    /**
     * Sets status and headers of the answer to a request for bytes, or for a part of them.
     *
     * @param length of all bytes
     * @return what to send; empty if the range lies outside, which is then answered
     */
    public static Optional<ByteRange> answer(Context request, int length) {
        request.header("Accept-Ranges", "bytes");
        Optional<ByteRange> asked = of(request.header("Range"), length);
        if (asked.isEmpty()) {
            request.status(416).header("Content-Range", "bytes */" + length);
            return asked;
        }
        ByteRange range = asked.get();
        request.status(range.isPart() ? 206 : 200)
                .header("Content-Length", Integer.toString(range.to() - range.from()));
        if (range.isPart()) {
            request.header("Content-Range", "bytes " + range.from() + "-" + (range.to() - 1) + "/" + length);
        }
        return asked;
    }

    /**
     * Reads the header {@code Range}; if it is absent, malformed or has several ranges, the range is the whole
     * clip.
     *
     * @param length of the clip in bytes
     * @return empty if the range lies outside of the clip
     */
    public static Optional<ByteRange> of(String header, int length) {
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
