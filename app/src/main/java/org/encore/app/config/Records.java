package org.encore.app.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Builds records, reads their components and finds their defaults, all by reflection. */
final class Records {
    private static final String DEFAULTS = "defaults";

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
        for (Method method : type.getDeclaredMethods()) {
            boolean declared = method.getName().equals(DEFAULTS)
                    && Modifier.isStatic(method.getModifiers())
                    && Modifier.isPublic(method.getModifiers())
                    && method.getParameterCount() == 0
                    && method.getReturnType() == type;
            if (declared) {
                return Optional.of(type.cast(invoke(method, null)));
            }
        }
        return Optional.empty();
    }

    /** The value of one component. */
    static Object value(Record record, RecordComponent component) {
        return invoke(component.getAccessor(), record);
    }

    private static Object invoke(Method method, Object target) {
        try {
            method.setAccessible(true);
            return method.invoke(target);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " failed", e);
        }
    }
}
