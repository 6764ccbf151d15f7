package org.encore.app.config;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.encore.app.config.Records.Names;
import org.encore.base.settings.Inlined;

/**
 * Every key that a configuration may have, with its default, its range and its meaning.
 *
 * <p>Names and defaults come from the records, ranges from {@link KeyRange}, meanings from the resource {@code
 * meanings.properties}, which a test keeps equal to the Javadoc of the records.
 */
public final class ConfigKeys {
    /** Shown in place of the default of a required key. */
    public static final String REQUIRED = "*required*";

    private static final String RESOURCE = "meanings.properties";
    private static final int MOST_BASES = 20_000;

    private final Properties meanings;
    private final Map<Class<? extends Record>, List<ConfigKey>> known = new HashMap<>();

    /** The kinds of each interface seen so far. */
    private final Map<Class<?>, Map<String, Class<? extends Record>>> families = new HashMap<>();

    /** Reads the meanings. */
    public ConfigKeys() {
        this(resource());
    }

    /** Uses other meanings. */
    ConfigKeys(Properties meanings) {
        this.meanings = meanings;
    }

    private static Properties resource() {
        Properties properties = new Properties();
        try (Reader reader =
                new InputStreamReader(ConfigKeys.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    /**
     * One key.
     *
     * @param name full key, from the root record
     * @param standard the default as YAML, or {@link #REQUIRED}
     * @param range the allowed values
     * @param meaning its meaning
     * @param holder the record that has the key as a component
     * @param family the sealed interface whose kinds may be written here, if there is one
     * @param condition the kinds that must be chosen for the key to exist, e.g. {@code objective: clipped-surrogate}; empty
     *     for none
     */
    public record ConfigKey(
            String name,
            String standard,
            String range,
            String meaning,
            Class<? extends Record> holder,
            Optional<Class<?>> family,
            String condition) {
        /** The key of the meaning: holder and component. */
        String id() {
            return KeyRange.id(holder, name.substring(name.lastIndexOf('.') + 1));
        }

        private ConfigKey under(ConfigKey outer, String kind) {
            String chosen = outer.name + ": " + kind;
            return new ConfigKey(
                    outer.name + "." + name,
                    standard,
                    range,
                    meaning,
                    holder,
                    family,
                    condition.isEmpty() ? chosen : chosen + ", " + outer.name + "." + condition);
        }
    }

    /**
     * One kind of a family.
     *
     * @param name as written after {@code kind}
     * @param meaning what it is
     * @param keys of its own
     */
    public record ConfigKind(String name, String meaning, List<ConfigKey> keys) {}

    /** The keys of a record, those of the records inside of it included, kinds apart. */
    public List<ConfigKey> of(Class<? extends Record> type) {
        if (!known.containsKey(type)) {
            List<ConfigKey> keys = new ArrayList<>();
            collect(type, Records.defaults(type).orElse(null), "", keys);
            known.put(type, List.copyOf(keys));
        }
        return known.get(type);
    }

    /** The kinds of an interface that a key has for a family. */
    public List<ConfigKind> kinds(Class<?> family) {
        return families.get(family).entrySet().stream()
                .map(kind -> new ConfigKind(
                        kind.getKey(), meanings.getProperty(id(kind.getValue()), ""), of(kind.getValue())))
                .toList();
    }

    /** The same as {@link #of}, each key followed by those of the kinds that may be written there. */
    public List<ConfigKey> withKinds(Class<? extends Record> type) {
        List<ConfigKey> all = new ArrayList<>();
        for (ConfigKey key : of(type)) {
            all.add(key);
            key.family().map(families::get).orElse(Map.of()).forEach((kind, held) -> withKinds(held)
                    .forEach(inner -> all.add(inner.under(key, kind))));
        }
        return all;
    }

    /** The records of an interface that a key has for a family. */
    Collection<Class<? extends Record>> records(Class<?> family) {
        return families.get(family).values();
    }

    /**
     * The interface whose kinds may be written for a component; sealed ones by name, as a compiler may list them in any order.
     */
    private Optional<Class<?>> family(RecordComponent component) {
        if (!(innermost(component.getGenericType()) instanceof Class<?> plain)) {
            return Optional.empty();
        }
        Optional<RecordComponent> inlined = plain.isRecord() ? Records.inlined(plain) : Optional.empty();
        Map<String, Class<? extends Record>> kinds = inlined.map(Records::kinds)
                .orElseGet(() -> plain.isSealed() && plain.isInterface()
                        ? new TreeMap<>(Names.kinds(plain))
                        : Records.kinds(component));
        if (kinds.isEmpty()) {
            return Optional.empty();
        }
        Class<?> family = inlined.<Class<?>>map(RecordComponent::getType).orElse(plain);
        families.put(family, kinds);
        return Optional.of(family);
    }

    /** The defaults of a record whose kind is inlined, for every kind that has some. */
    private static List<Record> defaultsByKind(Class<? extends Record> type, RecordComponent inlined) {
        return Records.kinds(inlined).values().stream()
                .flatMap(kind -> Records.defaults(kind).stream())
                .flatMap(value -> Records.defaults(type, inlined, value).stream())
                .toList();
    }

    private void collect(Class<? extends Record> type, Record defaults, String prefix, List<ConfigKey> keys) {
        RecordComponent[] components = type.getRecordComponents();
        List<Record> byKind =
                Records.inlined(type).map(each -> defaultsByKind(type, each)).orElse(List.of());
        if (defaults == null && !byKind.isEmpty()) {
            collect(type, byKind.get(0), prefix, keys);
            return;
        }
        List<Object> base = defaults == null ? base(type) : values(defaults);
        KeyRange ranges = new KeyRange(type, base);
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            if (component.isAnnotationPresent(Inlined.class)) {
                continue;
            }
            Object value = defaults == null ? null : base.get(i);
            boolean isByKind = byKind.stream()
                    .anyMatch(each -> !Records.value(each, component).equals(value));
            String name = prefix + component.getName();
            if (component.getType().isRecord()) {
                Class<? extends Record> inner = component.getType().asSubclass(Record.class);
                Record held = value == null ? Records.defaults(inner).orElse(null) : (Record) value;
                collect(inner, held, name + ".", keys);
                continue;
            }
            Type innermost = innermost(component.getGenericType());
            String range = KeyRange.isNumber(component.getGenericType()) ? ranges.text(i) : "";
            keys.add(new ConfigKey(
                    name,
                    isByKind ? "depends on `kind`" : standard(component, value),
                    range(component, component.getGenericType(), range),
                    meaning(type, component, innermost),
                    type,
                    family(component),
                    ""));
            if (innermost instanceof Class<?> plain && plain.isRecord()) {
                Class<? extends Record> inner = plain.asSubclass(Record.class);
                boolean isList = component.getType() == List.class;
                Record held = value instanceof Optional<?> optional ? (Record) optional.orElse(null) : null;
                collect(
                        inner,
                        held == null ? Records.defaults(inner).orElse(null) : held,
                        name + (isList ? ".0." : "."),
                        keys);
            }
        }
    }

    private static List<Object> values(Record record) {
        return Arrays.stream(record.getClass().getRecordComponents())
                .map(component -> Records.value(record, component))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private String meaning(Class<?> type, RecordComponent component, Type innermost) {
        String meaning = meanings.getProperty(KeyRange.id(type, component.getName()), "");
        if (!(innermost instanceof Class<?> plain && plain.isEnum())) {
            return meaning;
        }
        String constants = Names.constants(plain).entrySet().stream()
                .map(constant -> Map.entry(
                        constant.getKey(),
                        meanings.getProperty(KeyRange.id(plain, ((Enum<?>) constant.getValue()).name()), "")))
                .filter(constant -> !constant.getValue().isEmpty())
                .map(constant -> "`" + constant.getKey() + "`: " + constant.getValue())
                .collect(Collectors.joining("; "));
        return constants.isEmpty() ? meaning : meaning + ". " + constants;
    }

    private static String id(Class<?> type) {
        String id = KeyRange.id(type, "");
        return id.substring(0, id.length() - 1);
    }

    /** What an optional value, a list or a map holds, at any depth. */
    static Type innermost(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return innermost(arguments[arguments.length - 1]);
        }
        return type;
    }

    private String range(RecordComponent component, Type type, String numbers) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            String inner = range(component, arguments[arguments.length - 1], numbers);
            if (generic.getRawType() == Optional.class) {
                return inner + "; or null";
            }
            return generic.getRawType() == List.class ? "a list of: " + inner : "a mapping to: " + inner;
        }
        Class<?> plain = (Class<?>) type;
        if (!numbers.isEmpty()) {
            return numbers;
        }
        if (plain == boolean.class) {
            return "`true`, `false`";
        }
        if (plain.isEnum()) {
            return ticked(Names.constants(plain).keySet());
        }
        Optional<Class<?>> family = family(component);
        if (family.isPresent()) {
            return "kind " + ticked(families.get(family.get()).keySet());
        }
        return plain.isRecord() ? "a mapping" : Scalars.description(plain);
    }

    private static String ticked(Iterable<String> words) {
        return "`" + String.join("`, `", words) + "`";
    }

    private static String standard(RecordComponent component, Object value) {
        if (value == null) {
            return component.getType() == Optional.class ? "none" : REQUIRED;
        }
        if (value instanceof Optional<?> optional && optional.isEmpty()) {
            return "none";
        }
        return "`" + InlineYaml.of(component.getGenericType(), value) + "`";
    }

    /** Numbers of a type to begin a search with. */
    static List<Object> numbers(Class<?> type) {
        return type == Double.class || type == double.class
                ? List.of(1.0, 2.0, 0.5, 10.0, 0.0, 100.0)
                : type == Long.class || type == long.class ? List.of(1L, 2L, 10L, 0L, 100L) : List.of(1, 2, 10, 0, 100);
    }

    /** Values that a record without defaults accepts together; empty if none are found. */
    private static List<Object> base(Class<? extends Record> type) {
        List<List<Object>> choices = Arrays.stream(type.getRecordComponents())
                .map(ConfigKeys::choices)
                .toList();
        int[] digits = new int[choices.size()];
        for (int tried = 0; tried < MOST_BASES; tried++) {
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < digits.length; i++) {
                values.add(choices.get(i).get(digits[i]));
            }
            try {
                Records.create(type, values);
                return values;
            } catch (Records.RefusedException refused) {
                int place = 0;
                while (place < digits.length
                        && ++digits[place] == choices.get(place).size()) {
                    digits[place++] = 0;
                }
                if (place == digits.length) {
                    return List.of();
                }
            }
        }
        return List.of();
    }

    private static List<Object> choices(RecordComponent component) {
        Class<?> type = component.getType();
        if (KeyRange.isNumber(type)) {
            return numbers(type);
        }
        if (type == boolean.class) {
            return List.of(true, false);
        }
        if (type == String.class) {
            return List.of("a");
        }
        if (type == Path.class) {
            return List.of(Path.of("a"));
        }
        if (type == Optional.class) {
            return List.of(Optional.empty());
        }
        if (type.isEnum()) {
            return List.of(type.getEnumConstants());
        }
        if (type == List.class) {
            return List.of(List.of());
        }
        if (type == Map.class) {
            return List.of(Map.of());
        }
        Class<? extends Record> record = type.isRecord()
                ? type.asSubclass(Record.class)
                : new TreeMap<>(Records.kinds(component)).firstEntry().getValue();
        try {
            return List.of(
                    Records.defaults(record).isPresent()
                            ? Records.defaults(record).get()
                            : Records.create(record, base(record)));
        } catch (Records.RefusedException e) {
            throw new IllegalStateException(e);
        }
    }
}
