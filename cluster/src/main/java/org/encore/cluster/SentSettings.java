package org.encore.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.app.config.ConfigReader;
import org.encore.app.config.ResolvedConfig;
import org.encore.trainer.finetuning.FineTuneSettings;

/** Settings on their way to executors: a configuration in JSON, which is YAML too, with paths from the root. */
final class SentSettings {
    private SentSettings() {}

    /** Writes settings. */
    static String of(FineTuneSettings settings) {
        try {
            Object tree = fromTheRoot("", ResolvedConfig.tree(settings), ResolvedConfig.inputs(settings));
            return new ObjectMapper().writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("settings cannot be written: " + settings, e);
        }
    }

    /** The same tree, where values that are paths begin at the root: executors have other working directories. */
    private static Object fromTheRoot(String key, Object value, Map<String, Path> paths) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> moved = new LinkedHashMap<>();
            map.forEach((name, each) -> moved.put(name, fromTheRoot(inner(key, name.toString()), each, paths)));
            return moved;
        }
        if (value instanceof List<?> list) {
            List<Object> moved = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                moved.add(fromTheRoot(inner(key, Integer.toString(i)), list.get(i), paths));
            }
            return moved;
        }
        return paths.containsKey(key) ? paths.get(key).toAbsolutePath().toString() : value;
    }

    private static String inner(String key, String name) {
        return key.isEmpty() ? name : key + "." + name;
    }

    /** Reads settings. */
    static FineTuneSettings read(String written) throws IOException {
        Path file = Files.createTempFile("encore-executor", ".yaml");
        try {
            Files.writeString(file, written, StandardCharsets.UTF_8);
            return new ConfigReader().readResolved(file, List.of(), FineTuneSettings.class);
        } finally {
            Files.delete(file);
        }
    }
}
