package org.encore.model.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.encore.model.weights.SafetensorsFile.TensorTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorTypesTest {
    @ParameterizedTest
    @CsvSource({
        "0x0000, 0.0",
        "0x8000, -0.0",
        "0x0001, 0x1p-24",
        "0x03FF, 0x3FFp-24",
        "0x0400, 0x1p-14",
        "0x3C00, 1.0",
        "0x3C01, 1.0009765625",
        "0xC000, -2.0",
        "0x3555, 0.333251953125",
        "0x7BFF, 65504.0",
        "0x7C00, Infinity",
        "0xFC00, -Infinity"
    })
    void halvesByHand(String half, String value) {
        short bits = (short) Integer.decode(half).intValue();
        float expected = Float.parseFloat(value.startsWith("0x3FFp") ? "0x3.FFp-16" : value);
        assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(TensorTypes.halfToFloat(bits)));
        assertEquals(bits, TensorTypes.floatToHalf(expected));
    }

    @Test
    void everyHalfSurvivesTheRoundTrip() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = TensorTypes.halfToFloat((short) bits);
            boolean nan = (bits & 0x7C00) == 0x7C00 && (bits & 0x3FF) != 0;
            assertEquals(nan, Float.isNaN(value));
            if (!nan) {
                assertEquals((short) bits, TensorTypes.floatToHalf(value));
            }
        }
        assertTrue(Float.isNaN(TensorTypes.halfToFloat(TensorTypes.floatToHalf(Float.NaN))));
    }

    /** Every bfloat16 survives; in between, the nearest, and of two as near the even one. */
    @Test
    void roundingToBfloat16() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = Float.intBitsToFloat(bits << 16);
            short back = TensorTypes.floatToBfloat16(value);
            if (Float.isNaN(value)) {
                assertTrue(Float.isNaN(Float.intBitsToFloat(back << 16)));
            } else {
                assertEquals((short) bits, back);
            }
        }
        int[][] cases = {
            {0x3F808000, 0x3F80}, {0x3F818000, 0x3F82}, {0x3F808001, 0x3F81}, {0x3F807FFF, 0x3F80},
            {0xBF818000, 0xBF82}, {0x3FFF8000, 0x4000}, {0x7F7F8000, 0x7F80}, {0x7F800001, 0x7FC0}
        };
        for (int[] each : cases) {
            assertEquals((short) each[1], TensorTypes.floatToBfloat16(Float.intBitsToFloat(each[0])));
        }
    }

    /** Half way between two halves goes to the even one, at every scale. */
    @ParameterizedTest
    @CsvSource({
        "2049, 2048",
        "2051, 2052",
        "2049.001, 2050",
        "-2049, -2048",
        "65519.996, 65504",
        "65520, Infinity",
        "-1e30, -Infinity",
        "0x1p-25, 0",
        "0x1.000002p-25, 0x1p-24",
        "0x1.8p-24, 0x1p-23",
        "0x1.FFEp-15, 0x1p-14",
        "1e-30, 0"
    })
    void roundingToHalves(String value, String expected) {
        short half = TensorTypes.floatToHalf(Float.parseFloat(value));
        assertEquals(Float.parseFloat(expected), TensorTypes.halfToFloat(half), 0.0f);
    }

    @ParameterizedTest
    @CsvSource({
        "0x0000, 0.0",
        "0x8000, -0.0",
        "0x0001, 0x1p-133",
        "0x3F80, 1.0",
        "0xC040, -3.0",
        "0x3EAB, 0.333984375",
        "0x7F80, Infinity",
        "0xFF80, -Infinity",
        "0x7FC0, NaN"
    })
    void bfloatsByHand(String bits, String value) {
        ByteBuffer bytes = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort(0, (short) Integer.decode(bits).intValue());
        SafetensorsFile.Entry entry = new SafetensorsFile.Entry("x", "BF16", List.of(1), 0, 2);
        float actual = TensorTypes.floats(bytes, entry)[0];
        assertEquals(Float.floatToIntBits(Float.parseFloat(value)), Float.floatToIntBits(actual));
    }
}
