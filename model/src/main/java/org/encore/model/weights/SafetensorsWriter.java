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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        F16(Short.BYTES),
        /** The upper 16 bits of 32, rounded to nearest even. */
        BF16(Short.BYTES),
        /** 64 bits. */
        F64(Double.BYTES);

        private final int bytes;

        Format(int bytes) {
            this.bytes = bytes;
        }
    }

    /** The bytes of a tensor, made when the file is written. */
    private interface Content {
        ByteBuffer read() throws IOException;
    }

    private record Pending(String name, String type, List<Integer> shape, long bytes, Content content) {}

    private final Format format;
    private final List<Pending> tensors = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>(Map.of("format", "pt"));

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
        add(name, format, shape, values);
    }

    /** Adds a tensor in a format of its own. */
    void add(String name, Format own, List<Integer> shape, Supplier<float[]> values) {
        int size = shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
        tensors.add(new Pending(name, own.name(), shape, (long) size * own.bytes, () -> {
            float[] read = values.get();
            if (read.length != size) {
                throw new IllegalArgumentException(name + " has " + read.length + " values for the shape " + shape);
            }
            return encoded(read, own);
        }));
    }

    /** Adds a tensor of another file as it is; the file must be open when this one is written. */
    void copy(SafetensorsFile file, SafetensorsFile.Entry entry) {
        tensors.add(new Pending(
                entry.name(), entry.type(), entry.shape(), entry.end() - entry.start(), () -> file.bytes(entry)));
    }

    /** Adds a tensor of other files as it is, under another name; the files must be open when this one is written. */
    public void copy(WeightFiles files, String tensor, String name) {
        SafetensorsFile file = files.file(tensor);
        SafetensorsFile.Entry entry = file.entry(tensor);
        copyPart(file, entry, name, 0, 1);
    }

    /** Adds one of several equal parts of a tensor's rows under a name of its own. */
    void copyPart(SafetensorsFile file, SafetensorsFile.Entry entry, String name, int part, int parts) {
        List<Integer> shape = new ArrayList<>(entry.shape());
        if (parts > 1) {
            shape.set(0, shape.get(0) / parts);
        }
        int length = Math.toIntExact((entry.end() - entry.start()) / parts);
        tensors.add(new Pending(name, entry.type(), List.copyOf(shape), length, () -> file.bytes(entry)
                .slice(part * length, length)));
    }

    /** Adds an entry to the header's {@code __metadata__}. */
    void metadata(String key, String value) {
        metadata.put(key, value);
    }

    /** Shapes of the tensors by name, in their order. */
    public Map<String, List<Integer>> shapes() {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        tensors.forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
        return shapes;
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
            ByteBuffer bytes = tensor.content().read();
            out.write(bytes.array(), bytes.arrayOffset(), bytes.limit());
        }
    }

    private static ByteBuffer encoded(float[] values, Format format) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, format.bytes));
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (format) {
                case F32 -> bytes.putFloat(value);
                case F16 -> bytes.putShort(TensorTypes.floatToHalf(value));
                case BF16 -> bytes.putShort(TensorTypes.floatToBfloat16(value));
                case F64 -> bytes.putDouble(value);
            }
        }
        return bytes.flip();
    }

    /** The header, padded with spaces so that the tensors start aligned. */
    private byte[] header() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ObjectNode about = root.putObject(SafetensorsFile.METADATA);
        metadata.forEach(about::put);
        long start = 0;
        for (Pending tensor : tensors) {
            ObjectNode node = root.putObject(tensor.name());
            node.put("dtype", tensor.type());
            ArrayNode shape = node.putArray("shape");
            tensor.shape().forEach(shape::add);
            long end = start + tensor.bytes();
            node.putArray("data_offsets").add(start).add(end);
            start = end;
        }
        String json = root.toString();
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        return (json + " ".repeat((ALIGNMENT - length % ALIGNMENT) % ALIGNMENT)).getBytes(StandardCharsets.UTF_8);
    }
}
