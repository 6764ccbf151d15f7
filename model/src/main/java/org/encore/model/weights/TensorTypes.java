package org.encore.model.weights;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Number formats of a safetensors file. */
final class TensorTypes {
    private static final Map<String, Integer> WIDTHS =
            new TreeMap<>(Map.of("F64", 8, "F32", 4, "F16", 2, "BF16", 2, "I64", 8, "I32", 4));

    private TensorTypes() {}

    /** Bytes of one element. */
    static OptionalInt width(String type) {
        Integer width = WIDTHS.get(type);
        return width == null ? OptionalInt.empty() : OptionalInt.of(width);
    }

    static String allowed() {
        return String.join(", ", WIDTHS.keySet());
    }

    static float[] floats(ByteBuffer bytes, SafetensorsFile.Entry e) {
        float[] values = new float[e.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (e.type()) {
                case "F32" -> bytes.getFloat(4 * i);
                case "F64" -> (float) bytes.getDouble(8 * i);
                case "F16" -> halfToFloat(bytes.getShort(2 * i));
                case "BF16" -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
                case "I32" -> bytes.getInt(4 * i);
                default -> bytes.getLong(8 * i);
            };
        }
        return values;
    }

    static int[] integers(ByteBuffer bytes, SafetensorsFile.Entry e) {
        int[] values = new int[e.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = e.type().equals("I32") ? bytes.getInt(4 * i) : Math.toIntExact(bytes.getLong(8 * i));
        }
        return values;
    }

    /** IEEE 754 binary16 to binary32; exact. */
    static float halfToFloat(short half) {
        int sign = half >>> 15 & 1;
        int exponent = half >>> 10 & 0x1F;
        int fraction = half & 0x3FF;
        float magnitude;
        if (exponent == 0x1F) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else if (exponent == 0) {
            magnitude = Math.scalb((float) fraction, -24);
        } else {
            magnitude = Math.scalb(1.0f + fraction / 1024.0f, exponent - 15);
        }
        return sign == 1 ? -magnitude : magnitude;
    }

    /** binary32 to IEEE 754 binary16, rounded to nearest, ties to even; too large becomes infinite. */
    static short floatToHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7E00);
        }
        // 65520 is half way between the largest half and the power of two above it.
        if (magnitude >= 65520.0f) {
            return (short) (sign | 0x7C00);
        }
        // Below 2^-14 halves are multiples of 2^-24; above, of 2^(exponent - 10). rint rounds ties to even.
        int exponent = Math.max(Math.getExponent(magnitude), -14);
        int steps = (int) Math.rint(Math.scalb((double) magnitude, 10 - exponent));
        // A carry out of the fraction lands in the exponent, which is what it should do.
        return (short) (sign | (((exponent + 14) << 10) + steps));
    }
}
