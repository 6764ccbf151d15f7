package org.encore.app.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.encore.base.settings.Inlined;

/** How Java names appear in YAML, and which known name an unknown one is nearest to. */
final class Names {
    private Names() {}

    /** {@code LeaveOneOut}, {@code LEAVE_ONE_OUT} and {@code leaveOneOut} become {@code leave-one-out}. */
    static String kebab(String name) {
        if (name.equals(name.toUpperCase(Locale.ROOT))) {
            return name.toLowerCase(Locale.ROOT).replace('_', '-');
        }
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    /** The enum constants under their names in YAML. */
    static Map<String, Object> constants(Class<?> enumType) {
        Map<String, Object> constants = new LinkedHashMap<>();
        for (Object constant : enumType.getEnumConstants()) {
            constants.put(kebab(((Enum<?>) constant).name()), constant);
        }
        return constants;
    }

    /** The records that a sealed interface permits, at any depth, under their names in YAML. */
    static Map<String, Class<? extends Record>> kinds(Class<?> sealed) {
        Map<String, Class<? extends Record>> kinds = new LinkedHashMap<>();
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isRecord()) {
                kinds.put(kebab(permitted.getSimpleName()), permitted.asSubclass(Record.class));
            } else if (permitted.isSealed()) {
                kinds.putAll(kinds(permitted));
            } else {
                throw new IllegalStateException(permitted + " is neither a record nor sealed: it cannot be configured");
            }
        }
        return kinds;
    }

    /** The keys of a record; where it has an inlined component that is a record, those of that one in its place. */
    static List<String> keys(Class<? extends Record> type) {
        return keys(type, Records.inlined(type).map(RecordComponent::getType).orElse(type));
    }

    /** The same with the record that the inlined component holds. */
    static List<String> keys(Class<? extends Record> type, Class<?> inlined) {
        List<String> keys = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (!component.isAnnotationPresent(Inlined.class)) {
                keys.add(component.getName());
            } else if (inlined.isRecord()) {
                keys.addAll(keys(inlined.asSubclass(Record.class)));
            }
        }
        return keys;
    }

    /** The known name that differs least, if it differs little; case, hyphens and underscores do not count. */
    static Optional<String> nearest(String name, Collection<String> known) {
        int limit = Math.max(1, plain(name).length() / 3);
        return known.stream()
                .min(Comparator.comparingInt(each -> distance(plain(name), plain(each))))
                .filter(each -> distance(plain(name), plain(each)) <= limit);
    }

    private static String plain(String name) {
        return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    /** The Levenshtein distance, row by row. */
    private static int distance(String first, String second) {
        int[] row = new int[second.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= first.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (first.charAt(i - 1) == second.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[second.length()];
    }
}
