package org.encore.app.config;

import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.encore.app.config.Records.Names;

/** Reads single values: numbers, truth values, text, paths and the constants of enums. */
final class Scalars {
    private static final Map<Class<?>, String> DESCRIPTIONS = Map.of(
            int.class, "a whole number",
            long.class, "a whole number",
            double.class, "a number",
            boolean.class, "true or false",
            String.class, "text",
            Path.class, "a path");

    private Scalars() {}

    /** Whether values of the type are written as one word. */
    static boolean covers(Class<?> type) {
        return DESCRIPTIONS.containsKey(unboxed(type)) || type.isEnum();
    }

    /** What may be written for the type. */
    static String description(Class<?> type) {
        return type.isEnum()
                ? "one of " + String.join(", ", Names.constants(type).keySet())
                : DESCRIPTIONS.get(unboxed(type));
    }

    /**
     * Reads a value.
     *
     * @return empty if the text is no value of the type
     */
    static Optional<Object> read(Class<?> declared, String text) {
        Class<?> type = unboxed(declared);
        if (type == int.class) {
            return whole(text).filter(value -> value.bitLength() < 32).map(BigInteger::intValue);
        }
        if (type == long.class) {
            return whole(text).filter(value -> value.bitLength() < 64).map(BigInteger::longValue);
        }
        if (type == double.class) {
            return number(text).map(value -> value);
        }
        if (type == boolean.class) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
            };
        }
        if (type == Path.class) {
            return path(text).map(value -> value);
        }
        return type == String.class
                ? Optional.of(text)
                : Optional.ofNullable(Names.constants(type).get(text.toLowerCase(Locale.ROOT)));
    }

    /** Whole numbers may be written with underscores (10_000) and with an exponent (1e6). */
    private static Optional<BigInteger> whole(String text) {
        if (!text.matches("[-+]?[0-9][0-9_]{0,30}(\\.0+)?([eE]\\+?[0-9]{1,2})?")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(text.replace("_", "")).toBigIntegerExact());
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Optional<Double> number(String text) {
        switch (text.toLowerCase(Locale.ROOT)) {
            case ".inf", "+.inf", "infinity" -> {
                return Optional.of(Double.POSITIVE_INFINITY);
            }
            case "-.inf", "-infinity" -> {
                return Optional.of(Double.NEGATIVE_INFINITY);
            }
            case ".nan", "nan" -> {
                return Optional.of(Double.NaN);
            }
            default -> {
                String plain = text.replace("_", "");
                return plain.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?")
                        ? Optional.of(Double.valueOf(plain))
                        : Optional.empty();
            }
        }
    }

    /** Lists and optional values hold {@code Integer} where a component holds {@code int}. */
    private static Class<?> unboxed(Class<?> type) {
        return MethodType.methodType(type).unwrap().returnType();
    }

    private static Optional<Path> path(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Says what may be written for a type. */
    static final class Descriptions {
        private Descriptions() {}

        /** Describes what may be written, to follow "must be". */
        static String of(Type type) {
            if (type instanceof ParameterizedType generic) {
                Type[] arguments = generic.getActualTypeArguments();
                String inner = of(arguments[arguments.length - 1]);
                if (generic.getRawType() == Optional.class) {
                    return inner + ", or null";
                }
                return generic.getRawType() == List.class
                        ? "a list, each item " + inner
                        : "a mapping, each value " + inner;
            }
            Class<?> plain = (Class<?>) type;
            if (Scalars.covers(plain)) {
                return Scalars.description(plain);
            }
            Map<String, Class<? extends Record>> kinds = Records.kinds(plain);
            return kinds.isEmpty()
                    ? "a mapping with the keys " + String.join(", ", Names.keys(plain.asSubclass(Record.class)))
                    : of(kinds);
        }

        /** Describes what may be written for one of several records. */
        static String of(Map<String, Class<? extends Record>> kinds) {
            return "a mapping whose kind is " + oneOf(kinds.keySet());
        }

        /** Lists what may be chosen from. */
        static String oneOf(Collection<String> choices) {
            return choices.size() == 1 ? String.join("", choices) : "one of " + String.join(", ", choices);
        }

        /** Proposes the known name that an unknown one may have meant; empty where none is near. */
        static String hint(String unknown, Collection<String> known) {
            return Names.nearest(unknown, known)
                    .map(name -> "; did you mean " + name + "?")
                    .orElse("");
        }
    }
}
