package org.encore.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases of RFC 9110, section 14.1.2, for a clip of 1000 bytes. */
final class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-, 0, 1000",
        "bytes=0-0, 0, 1",
        "bytes=500-999, 500, 1000",
        "bytes=500-5000, 500, 1000",
        "bytes=999-, 999, 1000",
        "bytes=-1, 999, 1000",
        "bytes=-5000, 0, 1000",
    })
    void partsAreUnderstood(String header, int from, int to) {
        assertEquals(Optional.of(new ByteRange(from, to, true)), ByteRange.of(header, 1000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bytes=", "bytes=-", "bytes=a-b", "bytes=0-1,5-9", "lines=1-2", "bytes=99999999999-"})
    void whatIsNotUnderstoodAsksForAll(String header) {
        assertEquals(Optional.of(new ByteRange(0, 1000, false)), ByteRange.of(header, 1000));
    }

    @Test
    void noHeaderAsksForAll() {
        assertEquals(Optional.of(new ByteRange(0, 1000, false)), ByteRange.of(null, 1000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=1000-", "bytes=5000-6000", "bytes=-0", "bytes=7-6"})
    void whatLiesOutsideIsRefused(String header) {
        assertEquals(Optional.empty(), ByteRange.of(header, 1000));
    }
}
