package org.encore.app.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.encore.base.settings.Inlined;

/** Builds records, reads their components and finds their defaults, all by reflection. */
final class Records {
    private static final String DEFAULTS = "defaults";
    private static final String KINDS = "kinds";

    private Records() {}

    /** A record's own rules refused its values; the message is the record's, the cause its exception. */
    static final class RefusedException extends Exception {
        RefusedException(IllegalArgumentException cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }

    /** Builds a record from the values of its components, in their order. */
    static Record create(Class<? extends Record> type, List<Object> values) throws RefusedException {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values.toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw new RefusedException(refused);
            }
            throw new IllegalStateException("the constructor of " + type + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be built", e);
        }
    }

    /** The value of the type's {@code public static defaults()}, if it declares one. */
    static Optional<Record> defaults(Class<? extends Record> type) {
        return declared(type, DEFAULTS, type).map(method -> type.cast(invoke(method, null)));
    }

    /** The value of the type's {@code public static defaults(X)}, if it declares one for its inlined component X. */
    static Optional<Record> defaults(Class<? extends Record> type, RecordComponent inlined, Record value) {
        return declared(type, DEFAULTS, type, inlined.getType()).map(method -> type.cast(invoke(method, null, value)));
    }

    private static Optional<Method> declared(Class<?> type, String name, Class<?> returned, Class<?>... parameters) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.getName().equals(name)
                        && Modifier.isStatic(method.getModifiers())
                        && Modifier.isPublic(method.getModifiers())
                        && Arrays.equals(method.getParameterTypes(), parameters)
                        && method.getReturnType() == returned)
                .findFirst();
    }

    /** The component whose own components stand in the mapping of the record. */
    static Optional<RecordComponent> inlined(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> component.isAnnotationPresent(Inlined.class))
                .findFirst();
    }

    /**
     * The records that a component can hold, under their names in YAML: those that its sealed interface permits, or, where
     * the interface is not sealed, those that {@code public static Map<String, Class<? extends Record>> kinds()} of the
     * enclosing record lists; empty where there is nothing to choose from.
     */
    static Map<String, Class<? extends Record>> kinds(RecordComponent component) {
        Class<?> type = component.getType();
        if (type.isSealed() && type.isInterface()) {
            return Names.kinds(type);
        }
        if (!type.isInterface() || Scalars.covers(type) || component.getGenericType() instanceof ParameterizedType) {
            return Map.of();
        }
        Method listed = declared(component.getDeclaringRecord(), KINDS, Map.class)
                .orElseThrow(() -> new IllegalStateException(
                        component + " is neither sealed nor listed by " + KINDS + "(): it cannot be configured"));
        Map<String, Class<? extends Record>> kinds = new LinkedHashMap<>();
        ((Map<?, ?>) invoke(listed, null))
                .forEach((name, kind) -> kinds.put((String) name, ((Class<?>) kind).asSubclass(Record.class)));
        return kinds;
    }

    /** What a {@code kind} in the mapping of a value of the type chooses from; empty where it has none. */
    static Map<String, Class<? extends Record>> kinds(Class<?> type) {
        if (type.isSealed() && type.isInterface()) {
            return Names.kinds(type);
        }
        return type.isRecord() ? inlined(type).map(Records::kinds).orElse(Map.of()) : Map.of();
    }

    /** The value of one component. */
    static Object value(Record record, RecordComponent component) {
        return invoke(component.getAccessor(), record);
    }

    private static Object invoke(Method method, Object target, Object... arguments) {
        try {
            method.setAccessible(true);
            return method.invoke(target, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " failed", e);
        }
    }

    /** How Java names appear in YAML, and which known name an unknown one is nearest to. */
    static final class Names {
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
                    throw new IllegalStateException(
                            permitted + " is neither a record nor sealed: it cannot be configured");
                }
            }
            return kinds;
        }

        /** The keys of a record; where it has an inlined component that is a record, those of that one in its place. */
        static List<String> keys(Class<? extends Record> type) {
            return keys(
                    type, Records.inlined(type).map(RecordComponent::getType).orElse(type));
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
}
