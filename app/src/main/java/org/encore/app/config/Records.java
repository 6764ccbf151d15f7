package org.encore.app.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
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
}
