package org.encore.model.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.encore.base.files.AtomicFiles;
import org.encore.model.weights.SafetensorsFile.TensorTypes;

/** Collects tensors and writes them as one safetensors file. */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;

    /** How numbers are stored. */
    public enum Format {
        /** 32 bits, for training. */
        F32(Float.BYTES),
        /** 16 bits, rounded to nearest even, for shipped models. */
        F16(Short.BYTES);

        private final int bytes;

        Format(int bytes) {
            this.bytes = bytes;
        }
    }

    private record Pending(String name, List<Integer> shape, int size, Supplier<float[]> values) {}

    private final Format format;
    private final List<Pending> tensors = new ArrayList<>();

    /** Creates a writer without tensors. */
    public SafetensorsWriter(Format format) {
        this.format = format;
    }

    /**
     * Adds a tensor.
     *
     * @param values read when the file is written; must have as many elements as the shape
     */
    public void add(String name, List<Integer> shape, Supplier<float[]> values) {
        int size = shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
        tensors.add(new Pending(name, shape, size, values));
    }

    /** Writes the file atomically. */
    public void write(Path target) throws IOException {
        AtomicFiles.write(target, this::writeTo);
    }

    private void writeTo(OutputStream out) throws IOException {
        byte[] header = header();
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.write(length.putLong(header.length).array());
        out.write(header);
        for (Pending tensor : tensors) {
            float[] values = tensor.values().get();
            if (values.length != tensor.size()) {
                throw new IllegalArgumentException(
                        tensor.name() + " has " + values.length + " values for the shape " + tensor.shape());
            }
            out.write(encoded(values));
        }
    }

    private byte[] encoded(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, format.bytes));
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (format) {
                case F32 -> bytes.putFloat(value);
                case F16 -> bytes.putShort(TensorTypes.floatToHalf(value));
            }
        }
        return bytes.array();
    }

    /** The header, padded with spaces so that the tensors start aligned. */
    private byte[] header() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.putObject("__metadata__").put("format", "pt");
        long start = 0;
        for (Pending tensor : tensors) {
            ObjectNode node = root.putObject(tensor.name());
            node.put("dtype", format.name());
            ArrayNode shape = node.putArray("shape");
            tensor.shape().forEach(shape::add);
            long end = start + (long) tensor.size() * format.bytes;
            node.putArray("data_offsets").add(start).add(end);
            start = end;
        }
        String json = root.toString();
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat((ALIGNMENT - length % ALIGNMENT) % ALIGNMENT)).getBytes(StandardCharsets.UTF_8);
    }
}
