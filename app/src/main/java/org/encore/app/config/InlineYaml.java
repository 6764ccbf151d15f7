package org.encore.app.config;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.encore.app.config.ConfigReader.Layers;
import org.encore.app.config.Records.Names;

/** Writes values of settings in one line of YAML. */
final class InlineYaml {
    private InlineYaml() {}

    /** A value in one line of YAML; of a kind only what differs from its own defaults. */
    static String of(Type type, Object value) {
        if (value instanceof Optional<?> optional) {
            return of(ConfigKeys.innermost(type), optional.orElseThrow());
        }
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(each -> of(ConfigKeys.innermost(type), each))
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(each -> each.getKey() + ": " + of(ConfigKeys.innermost(type), each.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Record record) {
            return ofRecord(type, record);
        }
        if (value instanceof Enum<?> constant) {
            return Names.kebab(constant.name());
        }
        return value instanceof Double number ? shown(number) : value.toString().isEmpty() ? "\"\"" : value.toString();
    }

    private static String ofRecord(Type type, Record record) {
        Optional<RecordComponent> inlined = Records.inlined(record.getClass());
        if (inlined.isPresent()) {
            return ofInlined(record, inlined.get());
        }
        Optional<Record> own = Records.defaults(record.getClass());
        List<String> parts = new ArrayList<>();
        if (type instanceof Class<?> declared && declared.isSealed()) {
            parts.add(Layers.KIND + ": " + Names.kebab(record.getClass().getSimpleName()));
        }
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = Records.value(record, component);
            if (own.isEmpty() || !value.equals(Records.value(own.get(), component))) {
                parts.add(component.getName() + ": " + of(component.getGenericType(), value));
            }
        }
        return "{" + String.join(", ", parts) + "}";
    }

    private static String ofInlined(Record record, RecordComponent inlined) {
        Record held = (Record) Records.value(record, inlined);
        Record usual = Records.defaults(record.getClass(), inlined, held).orElse(record);
        List<String> parts = new ArrayList<>();
        Records.kinds(inlined).forEach((name, kind) -> {
            if (kind.isInstance(held)) {
                parts.add(Layers.KIND + ": " + name);
            }
        });
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value = Records.value(record, component);
            if (!component.equals(inlined) && !value.equals(Records.value(usual, component))) {
                parts.add(component.getName() + ": " + of(component.getGenericType(), value));
            }
        }
        String own = ofRecord(held.getClass(), held);
        if (!own.equals("{}")) {
            parts.add(own.substring(1, own.length() - 1));
        }
        return "{" + String.join(", ", parts) + "}";
    }

    /** A number as it is written in YAML, as short as it can be. */
    static String shown(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? ".inf" : "-.inf";
        }
        BigDecimal exact = BigDecimal.valueOf(value).stripTrailingZeros();
        String plain = exact.toPlainString();
        String scientific = exact.unscaledValue() + "e" + -exact.scale();
        return scientific.length() + 1 < plain.length() ? scientific : plain;
    }
}
