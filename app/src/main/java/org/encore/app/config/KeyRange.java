package org.encore.app.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/**
 * The numbers that a record accepts for one of its components, found by trying values, so they are what the record really
 * accepts.
 *
 * <p>One number is varied within values that the record accepts. The interval around it is found on a grid, and its ends by
 * bisection, exactly. Where the interval changes with the other numbers, or the next number is refused already, no interval
 * describes what is allowed, and {@link #BY_HAND} has the words.
 */
final class KeyRange {
    /** Ranges that the search cannot find, by record and component; a test fails for an entry that is not needed. */
    static final Map<String, String> BY_HAND = Collections.unmodifiableMap(byHand());

    /** Shown if the allowed values cannot be described. */
    static final String DEPENDS = "depends on other keys";

    private static final String ANY = "any whole number";
    private static final int MOST_EXAMPLES = 8;

    private final Class<? extends Record> type;
    private final List<Object> base;
    private final RecordComponent[] components;

    /**
     * Prepares searches within a record.
     *
     * @param base values that the record accepts together, in the order of the components; empty if none are known
     */
    KeyRange(Class<? extends Record> type, List<Object> base) {
        this.type = type;
        this.base = Collections.unmodifiableList(new ArrayList<>(base));
        this.components = type.getRecordComponents();
    }

    private static Map<String, String> byHand() {
        Map<String, String> words = new TreeMap<>();
        words.put("Normaliser.Bounds.low", "< `high`");
        words.put("Normaliser.Bounds.high", "> `low`");
        words.put("Normaliser.FixedRange.low", "finite, < `high`");
        words.put("Normaliser.FixedRange.high", "finite, > `low`");
        words.put("WeightSchedule.Linear.startStep", "≥ 0");
        words.put("WeightSchedule.Linear.endStep", "> `startStep`");
        words.put("RuleReward.Length.atLeastSeconds", "(0, `atMostSeconds`]");
        words.put("RuleReward.Length.atMostSeconds", "≥ `atLeastSeconds`");
        words.put("KlController.AdaptiveCoefficient.initial", "(0, `ceiling`]");
        words.put("KlController.AdaptiveCoefficient.ceiling", "≥ `initial`");
        words.put("AudioFeatureSettings.windowSeconds", "[2, 30], ≥ `longestLagSeconds`");
        words.put("AudioFeatureSettings.longestLagSeconds", "[0.5, `windowSeconds`]");
        words.put("SpectrumSettings.sampleRate", "[1000, 48000], ≥ 2 × `highHertz`");
        words.put("SpectrumSettings.windowSamples", "a power of two in [64, 16384], ≥ `hopSamples`");
        words.put("SpectrumSettings.hopSamples", "[1, `windowSamples`]");
        words.put("SpectrumSettings.lowHertz", "(0, `highHertz`)");
        words.put("SpectrumSettings.highHertz", "(`lowHertz`, `sampleRate` / 2]");
        words.put("SimulationSettings.Prompts.first", "[0, 2^31 - 1 - `count`]");
        words.put("SimulationSettings.Prompts.count", "[1, 2^31 - 1 - `first`]");
        // Has no defaults, and two systems that go together are more than a search can guess.
        words.put("ListeningSettings.seed", ANY);
        // The sizes of a model are checked when it is built.
        words.put("PretrainSettings.ModelSettings.width", "≥ 2, even, a multiple of `heads`");
        words.put("PretrainSettings.ModelSettings.layers", "[1, 1000]");
        words.put("PretrainSettings.ModelSettings.heads", "≥ 1");
        words.put("PretrainSettings.ModelSettings.feedForward", "≥ 1");
        words.put("PretrainSettings.ModelSettings.Text.width", "≥ 1, a multiple of `heads`");
        words.put("PretrainSettings.ModelSettings.Text.layers", "[1, 1000]");
        words.put("PretrainSettings.ModelSettings.Text.heads", "≥ 1");
        words.put("PretrainSettings.ModelSettings.Text.feedForward", "≥ 1");
        words.put("PretrainSettings.ModelSettings.Text.vocabulary", "≥ 4");
        return words;
    }

    /** Whether an item of a component's type is a number: itself, what it holds if it is there, or each item of a list. */
    static boolean isNumber(Type type) {
        return number(type).isPresent();
    }

    /** The range in signs, or in the words of {@link #BY_HAND}. */
    String text(int component) {
        String words = BY_HAND.get(id(type, components[component].getName()));
        if (isUndecidable(component)) {
            return words == null ? DEPENDS : words;
        }
        Numbers numbers = numbers(component, base);
        String found = numbers.text(numbers.interval(accepts(component, numbers, base)));
        return words != null && found.equals(ANY) ? words : found;
    }

    /** Whether no interval describes what is allowed: it depends on other components, or has gaps. */
    boolean isUndecidable(int component) {
        if (base.isEmpty()) {
            return true;
        }
        Numbers numbers = numbers(component, base);
        Interval alone = numbers.interval(accepts(component, numbers, base));
        if (alone.low() == alone.high()) {
            return true;
        }
        for (int other = 0; other < components.length; other++) {
            if (other == component || number(components[other].getGenericType()).isEmpty()) {
                continue;
            }
            Numbers others = numbers(other, base);
            LongPredicate accepted = accepts(other, others, base);
            for (long example : others.examples(others.interval(accepted))) {
                List<Object> changed = with(base, other, others.wrapped(example));
                if (accepted.test(example) && !numbers.isWhole(alone, accepts(component, numbers, changed))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A component's name with its record's, without the package. */
    static String id(Class<?> type, String component) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.') + "." + component;
    }

    private LongPredicate accepts(int component, Numbers numbers, List<Object> values) {
        return order -> isAccepted(with(values, component, numbers.wrapped(order)));
    }

    private boolean isAccepted(List<Object> values) {
        try {
            Records.create(type, values);
            return true;
        } catch (Records.RefusedException e) {
            return false;
        }
    }

    private static List<Object> with(List<Object> values, int component, Object value) {
        List<Object> changed = new ArrayList<>(values);
        changed.set(component, value);
        return changed;
    }

    private static Optional<Class<?>> number(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return arguments.length == 1 ? number(arguments[0]) : Optional.empty();
        }
        if (type == int.class || type == Integer.class) {
            return Optional.of(Integer.class);
        }
        if (type == long.class || type == Long.class) {
            return Optional.of(Long.class);
        }
        return type == double.class || type == Double.class ? Optional.of(Double.class) : Optional.empty();
    }

    private Numbers numbers(int component, List<Object> values) {
        Class<?> number = number(components[component].getGenericType()).orElseThrow();
        Object value = values.get(component);
        if (components[component].getType() == Optional.class) {
            Function<Object, Object> wrap = Optional::of;
            Object start =
                    ((Optional<?>) value).map(Object.class::cast).orElseGet(() -> someOf(number, component, wrap));
            return new Numbers(number, wrap, start);
        }
        if (components[component].getType() == List.class) {
            int size = Math.max(1, ((List<?>) value).size());
            Function<Object, Object> wrap = each -> Collections.nCopies(size, each);
            return new Numbers(number, wrap, someOf(number, component, wrap));
        }
        return new Numbers(number, each -> each, value);
    }

    private Object someOf(Class<?> number, int component, Function<Object, Object> wrap) {
        // What the base has comes last, for components that accept few numbers.
        Stream<?> known = base.get(component) instanceof List<?> list ? list.stream() : Stream.empty();
        return Stream.concat(ConfigKeys.numbers(number).stream().map(Object.class::cast), known)
                .map(Object.class::cast)
                .filter(each -> isAccepted(with(base, component, wrap.apply(each))))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no number is accepted for " + id(type, components[component].getName())));
    }

    /** The ends of an interval, both inside of it, by their order. */
    private record Interval(long low, long high) {}

    /**
     * Numbers of a type, each with a place in their order as a whole number; neighbours differ by 1.
     *
     * @param wrap makes a number the value of the component
     * @param start a number that is accepted
     */
    private record Numbers(Class<?> type, Function<Object, Object> wrap, Object start) {
        Object wrapped(long order) {
            return wrap.apply(value(order));
        }

        Interval interval(LongPredicate accepted) {
            return new Interval(end(accepted, false), end(accepted, true));
        }

        /** Whether an interval is still the one: its ends are accepted, and the numbers next to them are not. */
        boolean isWhole(Interval interval, LongPredicate accepted) {
            return accepted.test(interval.low())
                    && accepted.test(interval.high())
                    && (interval.low() == grid().first() || !accepted.test(interval.low() - 1))
                    && (interval.high() == grid().last() || !accepted.test(interval.high() + 1));
        }

        List<Long> examples(Interval interval) {
            List<Long> inside = grid().stream()
                    .filter(each -> each >= interval.low() && each <= interval.high())
                    .toList();
            List<Long> some = new ArrayList<>(List.of(interval.low(), interval.high()));
            int every = Math.max(1, inside.size() / MOST_EXAMPLES);
            for (int i = 0; i < inside.size(); i += every) {
                some.add(inside.get(i));
            }
            return some;
        }

        private long end(LongPredicate accepted, boolean up) {
            long good = order(start);
            NavigableSet<Long> further = up
                    ? grid().tailSet(good, false)
                    : grid().headSet(good, false).descendingSet();
            for (long next : further) {
                if (!accepted.test(next)) {
                    return bisected(accepted, good, next);
                }
                good = next;
            }
            return good;
        }

        private static long bisected(LongPredicate accepted, long good, long bad) {
            long inside = good;
            long outside = bad;
            while (Math.abs(inside - outside) > 1) {
                long middle = (inside & outside) + ((inside ^ outside) >> 1);
                if (accepted.test(middle)) {
                    inside = middle;
                } else {
                    outside = middle;
                }
            }
            return inside;
        }

        private NavigableSet<Long> grid() {
            TreeSet<Long> grid = new TreeSet<>();
            if (type == Double.class) {
                for (int exponent = -12; exponent <= 12; exponent++) {
                    for (int digit : new int[] {1, 2, 5}) {
                        double value = Double.parseDouble(digit + "e" + exponent);
                        grid.add(ofReal(value));
                        grid.add(ofReal(-value));
                    }
                }
                grid.addAll(List.of(
                        0L,
                        ofReal(Double.MAX_VALUE),
                        ofReal(-Double.MAX_VALUE),
                        ofReal(Double.POSITIVE_INFINITY),
                        ofReal(Double.NEGATIVE_INFINITY)));
                return grid;
            }
            long most = type == Integer.class ? Integer.MAX_VALUE : Long.MAX_VALUE;
            for (long value = 1; value > 0 && value <= most; value *= 2) {
                grid.add(value);
                grid.add(-value);
            }
            grid.addAll(List.of(0L, most, -most - 1));
            return grid;
        }

        private long order(Object number) {
            return number instanceof Double real ? ofReal(real) : ((Number) number).longValue();
        }

        private static long ofReal(double value) {
            long bits = Double.doubleToLongBits(value + 0.0);
            return bits >= 0 ? bits : Long.MIN_VALUE - bits;
        }

        private Object value(long order) {
            if (type == Double.class) {
                return real(order);
            }
            return type == Integer.class ? (Object) (int) order : (Object) order;
        }

        private static double real(long order) {
            return Double.longBitsToDouble(order >= 0 ? order : Long.MIN_VALUE - order);
        }

        String text(Interval found) {
            return type == Double.class ? ofReals(found) : ofWholes(found);
        }

        private String ofWholes(Interval found) {
            long most = type == Integer.class ? Integer.MAX_VALUE : Long.MAX_VALUE;
            boolean below = found.low() > -most - 1;
            boolean above = found.high() < most;
            if (below && above) {
                return "[" + found.low() + ", " + found.high() + "]";
            }
            return below ? "≥ " + found.low() : above ? "≤ " + found.high() : ANY;
        }

        private static String ofReals(Interval found) {
            double low = real(found.low());
            double high = real(found.high());
            boolean openBelow = low > Double.NEGATIVE_INFINITY && isRounder(Math.nextDown(low), low);
            boolean openAbove = high < Double.POSITIVE_INFINITY && isRounder(Math.nextUp(high), high);
            double least = openBelow ? Math.nextDown(low) : low;
            double most = openAbove ? Math.nextUp(high) : high;
            String infinite = high == Double.POSITIVE_INFINITY ? " or `.inf`" : "";
            if (Double.isInfinite(least) && Double.isInfinite(most)) {
                return "any number" + infinite;
            }
            if (Double.isInfinite(most)) {
                return (openBelow ? "> " : "≥ ") + InlineYaml.shown(least) + infinite;
            }
            if (Double.isInfinite(least)) {
                return (openAbove ? "< " : "≤ ") + InlineYaml.shown(most);
            }
            return (openBelow ? "(" : "[") + InlineYaml.shown(least) + ", " + InlineYaml.shown(most)
                    + (openAbove ? ")" : "]");
        }

        /** Limits are round numbers: the rounder one of two neighbours is the limit. */
        private static boolean isRounder(double first, double second) {
            return Double.toString(first).length() < Double.toString(second).length();
        }
    }
}
