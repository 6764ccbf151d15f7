package org.encore.model.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parity.TensorComparison.Status;
import org.encore.model.transformer.Activations;
import org.encore.model.transformer.ModelBatch;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.TinyModels;
import org.encore.model.weights.ModelDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison itself, on a golden file made by the compared model. */
class SelfParityTest {
    private static final int[] TEXT = {4, 5, 1};
    /** The start token, then the codes. */
    private static final int[] INPUTS = {7, 2, 0, 6, 3};

    private static final int[] CODES = {2, 0, 6, 3};

    @TempDir
    Path directory;

    private Path golden;

    @BeforeEach
    void save() throws IOException {
        golden = directory.resolve("golden.safetensors");
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = TinyModels.random(kernels, TinyModels.config(1, Head.CODES), 2);
            ModelDirectory.save(model, directory);
            BatchShape shape = new BatchShape(1, INPUTS.length, TEXT.length);
            Activations activations = new Activations(kernels, model.config(), shape);
            ModelBatch batch = new ModelBatch(shape, TEXT, new float[] {1, 1, 1}, new int[][] {INPUTS});
            model.forward(activations, batch);
            Map<String, Object> tensors = new LinkedHashMap<>();
            tensors.put("ids [1,3]", TEXT);
            tensors.put("am [1,3]", new float[] {1, 1, 1});
            tensors.put("dec_in [1,5]", INPUTS);
            tensors.put("codes [1,1,4]", CODES);
            tensors.put(
                    "logits [1,5,7]",
                    kernels.readFloats(model.logits(activations, batch).get(0)));
            tensors.put("t5_out [1,3,6]", kernels.readFloats(model.textStates(activations, shape)));
            tensors.put("enc_proj [1,3,8]", kernels.readFloats(model.projectedText(activations, shape)));
            tensors.put("audio [2]", new float[2]);
            write(tensors);
        }
    }

    /** Writes integers or floats under keys of name and shape. */
    private void write(Map<String, Object> tensors) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode header = mapper.createObjectNode();
        ByteBuffer data = ByteBuffer.allocate(10_000).order(ByteOrder.LITTLE_ENDIAN);
        for (Map.Entry<String, Object> tensor : tensors.entrySet()) {
            int space = tensor.getKey().indexOf(' ');
            int start = data.position();
            boolean integers = tensor.getValue() instanceof int[];
            if (tensor.getValue() instanceof int[] values) {
                data.asIntBuffer().put(values);
                data.position(start + 4 * values.length);
            } else {
                float[] values = (float[]) tensor.getValue();
                data.asFloatBuffer().put(values);
                data.position(start + 4 * values.length);
            }
            ObjectNode node = header.putObject(tensor.getKey().substring(0, space));
            node.put("dtype", integers ? "I32" : "F32");
            node.set("shape", mapper.readTree(tensor.getKey().substring(space)));
            node.putArray("data_offsets").add(start).add(data.position());
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + data.position()).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json).put(data.flip());
        Files.write(golden, file.array());
    }

    private Map<String, Status> compare() throws IOException {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE);
                Parity parity = Parity.open(directory, golden, kernels)) {
            return parity.values().stream()
                    .collect(Collectors.toMap(TensorComparison::tensor, TensorComparison::status));
        }
    }

    @Test
    void aModelAgreesWithItself() throws IOException {
        Map<String, Status> expected = Map.of(
                "ids", Status.INPUT,
                "am", Status.INPUT,
                "dec_in", Status.INPUT,
                "codes", Status.INPUT,
                "logits", Status.PASSED,
                "t5_out", Status.PASSED,
                "enc_proj", Status.PASSED,
                "audio", Status.NOT_COVERED);
        assertEquals(expected, compare());
    }

    @Test
    void anotherModelFails() throws IOException {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            MusicTransformer model = ModelDirectory.load(directory, kernels);
            kernels.fill(model.parameters().get("decoder.lm_heads.0.weight").slice(0, 1, 1), 5.0);
            ModelDirectory.save(model, directory);
        }
        Map<String, Status> statuses = compare();
        assertEquals(Status.FAILED, statuses.get("logits"));
        assertEquals(Status.PASSED, statuses.get("enc_proj"));
    }

    @Test
    void numbersThatAreNoneFail() {
        assertEquals(Status.FAILED, TensorComparison.of("x", Double.NaN, 1.0).status());
        assertEquals(
                Status.FAILED,
                TensorComparison.of("x", Double.POSITIVE_INFINITY, 1.0).status());
        assertEquals(Status.FAILED, TensorComparison.of("x", 1.0 + 1e-9, 1.0).status());
        assertEquals(Status.PASSED, TensorComparison.of("x", 1.0, 1.0).status());
    }

    @Test
    void goldenFilesThatLackInputsAreRefused() throws IOException {
        write(Map.of("logits [1,5,7]", new float[35]));
        assertThrows(InvalidFileException.class, this::compare);
        write(Map.of("dec_hidden_x [1]", new float[1]));
        assertThrows(InvalidFileException.class, this::compare);
    }
}
