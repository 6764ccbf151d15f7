package org.encore.rewards.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes models in the ONNX format, field by field, as far as these tests need it.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">the numbers of the fields</a>
 */
final class OnnxBytes {
    static final int FLOAT = 1;
    static final int INT64 = 7;

    private static final int INT = 2;
    private static final int INTS = 7;
    private final ByteArrayOutputStream graph = new ByteArrayOutputStream();

    /** Starts a graph. */
    OnnxBytes() {
        text(graph, 2, "graph");
    }

    /** An input; a negative size may be anything. */
    OnnxBytes input(String name, int type, long... shape) {
        message(graph, 11, value(name, type, shape));
        return this;
    }

    OnnxBytes output(String name, long... shape) {
        message(graph, 12, value(name, FLOAT, shape));
        return this;
    }

    /** A constant of one number. */
    OnnxBytes constant(String name, float value) {
        return constant(name, new long[] {1}, value);
    }

    /** A constant, row-major. */
    OnnxBytes constant(String name, long[] shape, float... values) {
        ByteArrayOutputStream tensor = new ByteArrayOutputStream();
        for (long size : shape) {
            integer(tensor, 1, size);
        }
        integer(tensor, 2, FLOAT);
        text(tensor, 8, name);
        ByteBuffer raw = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            raw.putFloat(value);
        }
        bytes(tensor, 9, raw.array());
        message(graph, 5, tensor);
        return this;
    }

    /** An operation of two inputs, or of one where the second is empty, with attributes that are whole numbers. */
    OnnxBytes node(String operation, String first, String second, String output, Attribute... attributes) {
        ByteArrayOutputStream node = new ByteArrayOutputStream();
        text(node, 1, first);
        if (!second.isEmpty()) {
            text(node, 1, second);
        }
        text(node, 2, output);
        text(node, 3, output);
        text(node, 4, operation);
        for (Attribute each : attributes) {
            ByteArrayOutputStream attribute = new ByteArrayOutputStream();
            text(attribute, 1, each.name());
            integer(attribute, each.isList() ? 8 : 3, each.value());
            integer(attribute, 20, each.isList() ? INTS : INT);
            message(node, 5, attribute);
        }
        message(graph, 1, node);
        return this;
    }

    /** A whole number, alone or as a list of one. */
    record Attribute(String name, long value, boolean isList) {}

    /** The mean or maximum over all axes but the first, keeping {@code [B, 1]}. */
    OnnxBytes reduce(String operation, String input, String output, long axis) {
        return node(
                operation, input, "", output, new Attribute("axes", axis, true), new Attribute("keepdims", 1, false));
    }

    byte[] model() {
        ByteArrayOutputStream version = new ByteArrayOutputStream();
        text(version, 1, "");
        integer(version, 2, 13);
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        integer(model, 1, 8);
        message(model, 8, version);
        message(model, 7, graph);
        return model.toByteArray();
    }

    private static ByteArrayOutputStream value(String name, int type, long... shape) {
        ByteArrayOutputStream dimensions = new ByteArrayOutputStream();
        for (int axis = 0; axis < shape.length; axis++) {
            ByteArrayOutputStream dimension = new ByteArrayOutputStream();
            if (shape[axis] < 0) {
                text(dimension, 2, name + axis);
            } else {
                integer(dimension, 1, shape[axis]);
            }
            message(dimensions, 1, dimension);
        }
        ByteArrayOutputStream tensor = new ByteArrayOutputStream();
        integer(tensor, 1, type);
        message(tensor, 2, dimensions);
        ByteArrayOutputStream kind = new ByteArrayOutputStream();
        message(kind, 1, tensor);
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        text(value, 1, name);
        message(value, 2, kind);
        return value;
    }

    private static void integer(ByteArrayOutputStream out, int field, long value) {
        varint(out, (long) field << 3);
        varint(out, value);
    }

    private static void text(ByteArrayOutputStream out, int field, String value) {
        bytes(out, field, value.getBytes(StandardCharsets.UTF_8));
    }

    private static void message(ByteArrayOutputStream out, int field, ByteArrayOutputStream value) {
        bytes(out, field, value.toByteArray());
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
        varint(out, (long) field << 3 | 2);
        varint(out, value.length);
        out.writeBytes(value);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
