package org.encore.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.encore.app.report.Html.Numerals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumeralsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "1, 1",
        "0.30000000000000004, 0.3",
        "0.123456, 0.1235",
        "-12.3456, -12.35",
        "1234.56, 1235",
        "123456.7, 123457",
        "12345678, 1.235e7",
        "0.00001, 1e-5",
        "-0.000012344, -1.234e-5",
        "0.0001, 0.0001",
        "1e300, 1e300",
        "NaN, –",
        "Infinity, –"
    })
    void keepsFourDigits(double value, String text) {
        assertEquals(text, Numerals.of(value));
    }

    @Test
    void signsChanges() {
        assertEquals("+0.2", Numerals.change(0.9 - 0.7));
        assertEquals("-0.5", Numerals.change(-0.5));
        assertEquals("0", Numerals.change(0.0));
        assertEquals("–", Numerals.change(Double.NaN));
    }

    @Test
    void roundsCoordinatesToTenths() {
        assertEquals("12", Numerals.coordinate(12.04));
        assertEquals("12.1", Numerals.coordinate(12.05));
        assertEquals("-0.5", Numerals.coordinate(-0.5));
    }

    @ParameterizedTest
    @CsvSource({"0, 0.0 s", "59.94, 59.9 s", "60, 1 min 0 s", "3599.4, 59 min 59 s", "3725.4, 1 h 2 min", "NaN, – s"})
    void tellsDurations(double seconds, String text) {
        assertEquals(text, Numerals.duration(seconds));
    }
}
