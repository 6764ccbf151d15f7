package org.encore.model.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.JsonProblems;
import org.encore.model.weights.SafetensorsFile.Entry;

/**
 * The weights of a model directory: {@code model.safetensors}, or the shards that {@code model.safetensors.index.json} names.
 *
 * <p>Opening reads the headers alone; a tensor is read when it is asked for. Every tensor of a shard must stand in the index,
 * and every tensor of the index in its shard.
 */
public final class WeightFiles implements AutoCloseable {
    /** The index of a model in several files. */
    public static final String INDEX = "model.safetensors.index.json";

    private static final String WEIGHT_MAP = "weight_map";

    private final Path source;
    private final List<SafetensorsFile> shards;
    private final Map<String, SafetensorsFile> byTensor = new LinkedHashMap<>();

    private WeightFiles(Path source, List<SafetensorsFile> shards) {
        this.source = source;
        this.shards = shards;
        for (SafetensorsFile shard : shards) {
            shard.names().forEach(name -> byTensor.put(name, shard));
        }
    }

    /**
     * Opens the weights of a directory.
     *
     * @throws InvalidFileException if a file is missing or damaged, or index and shards differ
     */
    public static WeightFiles open(Path directory) throws IOException {
        Path single = directory.resolve(ModelDirectory.WEIGHTS);
        Path index = directory.resolve(INDEX);
        return Files.exists(single) || !Files.exists(index) ? ofFile(single) : openShards(directory, index);
    }

    /**
     * Opens weights in one file of any name.
     *
     * @throws InvalidFileException if it is missing or damaged
     */
    public static WeightFiles ofFile(Path file) throws IOException {
        return new WeightFiles(file, List.of(SafetensorsFile.open(file)));
    }

    private static WeightFiles openShards(Path directory, Path index) throws IOException {
        Map<String, String> shardOf = readIndex(index);
        Map<String, SafetensorsFile> opened = new LinkedHashMap<>();
        WeightFiles files = null;
        try {
            for (String shard : shardOf.values()) {
                if (!opened.containsKey(shard)) {
                    opened.put(shard, SafetensorsFile.open(directory.resolve(shard)));
                }
            }
            requireSame(index, shardOf, opened);
            files = new WeightFiles(index, List.copyOf(opened.values()));
            return files;
        } finally {
            if (files == null) {
                closeAll(opened.values());
            }
        }
    }

    private static Map<String, String> readIndex(Path index) throws IOException {
        JsonNode map;
        try {
            map = new ObjectMapper().readTree(index.toFile()).path(WEIGHT_MAP);
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(index, "is not valid JSON: " + JsonProblems.of(e), e);
        }
        if (!map.isObject() || map.isEmpty()) {
            throw new InvalidFileException(index, WEIGHT_MAP + " must be an object of tensor names and file names");
        }
        Map<String, String> shardOf = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : map.properties()) {
            String shard = field.getValue().asText("");
            // The name of a file beside the index, never a path to elsewhere.
            if (!shard.endsWith(".safetensors") || shard.contains("/") || shard.contains("\\")) {
                throw new InvalidFileException(
                        index,
                        "tensor " + field.getKey() + " is in " + field.getValue()
                                + ", but must be in a .safetensors file of the same directory");
            }
            shardOf.put(field.getKey(), shard);
        }
        return shardOf;
    }

    private static void requireSame(Path index, Map<String, String> shardOf, Map<String, SafetensorsFile> opened) {
        shardOf.forEach((tensor, shard) -> opened.get(shard).entry(tensor));
        opened.forEach((shard, file) -> file.names().forEach(tensor -> {
            if (!shard.equals(shardOf.get(tensor))) {
                throw new InvalidFileException(
                        index,
                        "tensor " + tensor + " of " + shard
                                + (shardOf.containsKey(tensor)
                                        ? " is in " + shardOf.get(tensor) + " by the index"
                                        : " is not in the index"));
            }
        }));
    }

    /** The file that messages name: the weights themselves, or their index. */
    public Path source() {
        return source;
    }

    /** The files, in the order of the index. */
    List<SafetensorsFile> shards() {
        return shards;
    }

    /** Names of all tensors, file by file. */
    public Set<String> names() {
        return byTensor.keySet();
    }

    public boolean has(String name) {
        return byTensor.containsKey(name);
    }

    /**
     * A tensor's description.
     *
     * @throws InvalidFileException if no file holds it
     */
    public Entry entry(String name) {
        return file(name).entry(name);
    }

    /** A tensor's values, row-major, in 32 bits. */
    public float[] floats(String name) throws IOException {
        return file(name).floats(name);
    }

    /** {@link #floats}, all finite. */
    float[] finiteFloats(String name) throws IOException {
        return file(name).finiteFloats(name);
    }

    /** The file that holds a tensor. */
    SafetensorsFile file(String name) {
        SafetensorsFile file = byTensor.get(name);
        if (file == null) {
            throw new InvalidFileException(source, "tensor " + name + " is missing");
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        closeAll(shards);
    }

    private static void closeAll(Iterable<SafetensorsFile> files) throws IOException {
        List<IOException> failures = new ArrayList<>();
        for (SafetensorsFile file : files) {
            try {
                file.close();
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }
}
