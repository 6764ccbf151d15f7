package org.encore.app.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.encore.app.config.ConfigReader.Layers;
import org.encore.app.config.Records.Names;
import org.encore.base.settings.Inlined;
import org.encore.base.settings.Output;

/** Writes a resolved configuration: every value, given or default. */
public final class ResolvedConfig {
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .build());
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private ResolvedConfig() {}

    /** The configuration as YAML; reading it gives an equal record. */
    public static String yaml(Record config) {
        return written(YAML, config);
    }

    /** The configuration as one line of JSON with sorted keys: equal configurations have equal text. */
    public static String canonicalJson(Record config) {
        return written(JSON, config);
    }

    /** The SHA-256 of {@link #canonicalJson} in UTF-8, in lower-case hexadecimal digits. */
    public static String fingerprint(Record config) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(canonicalJson(config).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The configuration as maps, lists, numbers and text, in the order of the components. */
    public static Map<String, Object> tree(Record config) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Records.inlined(config.getClass())
                .ifPresent(component ->
                        putKind(tree, Records.kinds(component), (Record) Records.value(config, component)));
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            Object value = Records.value(config, component);
            if (component.isAnnotationPresent(Inlined.class)) {
                tree.putAll(tree((Record) value));
            } else if (value instanceof Record record) {
                tree.put(component.getName(), tree(Records.kinds(component), record));
            } else {
                tree.put(component.getName(), plain(component.getGenericType(), value));
            }
        }
        return tree;
    }

    /** Each value of the configuration under its whole key, e.g. {@code policy.epochs}; a list is one value. */
    public static Map<String, Object> leaves(Record config) {
        Map<String, Object> leaves = new LinkedHashMap<>();
        putLeaves("", tree(config), leaves);
        return leaves;
    }

    private static void putLeaves(String prefix, Map<?, ?> tree, Map<String, Object> leaves) {
        tree.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner) {
                putLeaves(prefix + key + ".", inner, leaves);
            } else {
                leaves.put(prefix + key, value);
            }
        });
    }

    /** Each path of the configuration that must exist before its command starts, by its whole key. */
    public static Map<String, Path> inputs(Record config) {
        Map<String, Path> inputs = new LinkedHashMap<>();
        putInputs("", config, inputs);
        return inputs;
    }

    private static void putInputs(String key, Object value, Map<String, Path> inputs) {
        if (value instanceof Path path) {
            inputs.put(key, path);
        } else if (value instanceof Optional<?> optional) {
            optional.ifPresent(each -> putInputs(key, each, inputs));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                putInputs(key + "." + i, list.get(i), inputs);
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((name, each) -> putInputs(key + "." + name, each, inputs));
        } else if (value instanceof Record record) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                if (!component.isAnnotationPresent(Output.class)) {
                    String inner = component.isAnnotationPresent(Inlined.class)
                            ? key
                            : key + (key.isEmpty() ? "" : ".") + component.getName();
                    putInputs(inner, Records.value(record, component), inputs);
                }
            }
        }
    }

    private static Map<String, Object> tree(Map<String, Class<? extends Record>> kinds, Record record) {
        Map<String, Object> tree = new LinkedHashMap<>();
        putKind(tree, kinds, record);
        tree.putAll(tree(record));
        return tree;
    }

    private static void putKind(Map<String, Object> tree, Map<String, Class<? extends Record>> kinds, Record record) {
        kinds.forEach((name, kind) -> {
            if (kind.isInstance(record)) {
                tree.put(Layers.KIND, name);
            }
        });
    }

    private static Object plain(Type type, Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(each -> plain(argument(type), each)).orElse(null);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(each -> plain(argument(type), each)).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> entries = new LinkedHashMap<>();
            map.forEach((key, each) -> entries.put((String) key, plain(argument(type), each)));
            return entries;
        }
        if (value instanceof Record record) {
            return tree(((Class<?>) type).isSealed() ? Names.kinds((Class<?>) type) : Map.of(), record);
        }
        if (value instanceof Enum<?> constant) {
            return Names.kebab(constant.name());
        }
        return value instanceof Path path ? path.toString() : value;
    }

    /** What a list, a map or an optional value holds. */
    private static Type argument(Type container) {
        Type[] arguments = ((ParameterizedType) container).getActualTypeArguments();
        return arguments[arguments.length - 1];
    }

    private static String written(ObjectMapper mapper, Record config) {
        try {
            return mapper.writeValueAsString(tree(config));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration cannot be written: " + config, e);
        }
    }
}
