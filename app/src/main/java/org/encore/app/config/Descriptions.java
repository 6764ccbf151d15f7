package org.encore.app.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Says what may be written for a type. */
final class Descriptions {
    private Descriptions() {}

    /** Describes what may be written, to follow "must be". */
    static String of(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            String inner = of(arguments[arguments.length - 1]);
            if (generic.getRawType() == Optional.class) {
                return inner + ", or null";
            }
            return generic.getRawType() == List.class ? "a list, each item " + inner : "a mapping, each value " + inner;
        }
        Class<?> plain = (Class<?>) type;
        if (Scalars.covers(plain)) {
            return Scalars.description(plain);
        }
        if (plain.isRecord()) {
            return "a mapping with the keys " + String.join(", ", Names.keys(plain.asSubclass(Record.class)));
        }
        return "a mapping whose kind is " + oneOf(Names.kinds(plain).keySet());
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
