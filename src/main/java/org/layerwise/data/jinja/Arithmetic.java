package org.layerwise.data.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Python's operators on numbers, strings and lists. */
final class Arithmetic {

    private static final int LONGEST = 1 << 20;

    private Arithmetic() {}

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    /** Returns the result of {@code a op b}. */
    static Object apply(RenderLimits budget, String operator, Object a, Object b) {
        Undefined.refuse(a, b);
        if (isNumber(a) && isNumber(b)) {
            try {
                return a instanceof Double || b instanceof Double
                        ? ofDoubles(operator, number(a), number(b))
                        : ofWholes(operator, whole(a), whole(b));
            } catch (ArithmeticException e) {
                throw new TemplateException("%s %s %s is too large, or a division by zero"
                        .formatted(PythonBuiltins.repr(budget, a), operator, PythonBuiltins.repr(budget, b)));
            }
        }
        if (operator.equals("+")) {
            return sum(budget, a, b);
        }
        if (operator.equals("*")) {
            return a instanceof Long || a instanceof Boolean ? repeated(budget, b, a) : repeated(budget, a, b);
        }
        if (operator.equals("%") && a instanceof String format) {
            return formatted(budget, format, b instanceof Tuple tuple ? tuple : List.of(b));
        }
        throw impossible(operator, a, b);
    }

    private static Object ofWholes(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "/" -> {
                if (b == 0) {
                    throw new ArithmeticException();
                }
                yield (double) a / b;
            }
            case "//" -> Math.floorDiv(a, b);
            case "%" -> Math.floorMod(a, b);
            case "**" -> b < 0 ? (Object) Math.pow(a, b) : (Object) power(a, b);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static long power(long base, long exponent) {
        if (Math.abs(base) <= 1) {
            return exponent == 0 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : base;
        }
        long result = 1;
        for (long i = 0; i < exponent; i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    private static double ofDoubles(String operator, double a, double b) {
        boolean divides = operator.equals("/") || operator.equals("//") || operator.equals("%");
        if (divides && b == 0) {
            throw new ArithmeticException();
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            case "%" -> a - Math.floor(a / b) * b;
            case "**" -> Math.pow(a, b);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static Object sum(RenderLimits budget, Object a, Object b) {
        if (a instanceof String first && b instanceof String second) {
            return limited(budget, first + second);
        }
        if (a instanceof List<?> first
                && b instanceof List<?> second
                && first instanceof Tuple == second instanceof Tuple) {
            List<Object> joined = new ArrayList<>(first);
            joined.addAll(second);
            budget.work(joined.size());
            requireLength(joined.size());
            return a instanceof Tuple ? new Tuple(joined) : joined;
        }
        throw impossible("+", a, b);
    }

    private static Object repeated(RenderLimits budget, Object what, Object times) {
        if (times instanceof Long || times instanceof Boolean) {
            if (what instanceof String text) {
                return text.repeat((int) times(budget, whole(times), text.length()));
            }
            if (what instanceof List<?> list) {
                long count = times(budget, whole(times), list.size());
                List<Object> result = new ArrayList<>();
                for (long i = 0; i < count; i++) {
                    result.addAll(list);
                }
                return what instanceof Tuple ? new Tuple(result) : result;
            }
        }
        throw impossible("*", what, times);
    }

    /**
     * Returns the number of repetitions: 0 if the repeated value is empty, otherwise the requested number; refuses
     * results that are too long.
     */
    private static long times(RenderLimits budget, long count, int length) {
        long times = length == 0 ? 0 : Math.max(0, Math.min(count, LONGEST + 1L));
        requireLength(times * length);
        budget.work(times * length);
        return times;
    }

    private static String formatted(RenderLimits budget, String format, List<?> values) {
        budget.work(format.length());
        StringBuilder result = new StringBuilder();
        int next = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                result.append(c);
                continue;
            }
            char kind = i + 1 < format.length() ? format.charAt(++i) : ' ';
            if (kind == '%') {
                result.append('%');
            } else if ((kind == 's' || kind == 'd') && next < values.size()) {
                Object value = values.get(next++);
                result.append(kind == 's' ? PythonBuiltins.text(budget, value) : PythonBuiltins.whole(value, "%d"));
                requireLength(result.length());
            } else {
                throw new TemplateException("the format \"%s\" is not known, only %%s and %%d are".formatted(format));
            }
        }
        if (next < values.size()) {
            throw new TemplateException("the format \"%s\" has too few places".formatted(format));
        }
        return result.toString();
    }

    /**
     * Returns less than 0, 0 or more than 0 if {@code a} is before, equal to or after {@code b}; more than 0 for nan,
     * which is neither. Ask with the larger value second, so that each comparison with nan is false, as in Python.
     */
    static int compare(RenderLimits budget, Object a, Object b) {
        budget.work(1);
        Undefined.refuse(a, b);
        if (isNumber(a) && isNumber(b)) {
            boolean wholes = !(a instanceof Double) && !(b instanceof Double);
            if (wholes) {
                return Long.compare(whole(a), whole(b));
            }
            double first = number(a);
            double second = number(b);
            return first == second ? 0 : first < second ? -1 : 1;
        }
        if (a instanceof String first && b instanceof String second) {
            budget.work(first.length() + (long) second.length());
            return java.util.Arrays.compare(
                    first.codePoints().toArray(), second.codePoints().toArray());
        }
        if (a instanceof List<?> first
                && b instanceof List<?> second
                && first instanceof Tuple == second instanceof Tuple) {
            for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
                if (!PythonBuiltins.equal(budget, first.get(i), second.get(i))) {
                    return compare(budget, first.get(i), second.get(i));
                }
            }
            return Integer.compare(first.size(), second.size());
        }
        throw impossible("<", a, b);
    }

    /**
     * Returns the order of two values that are sorted.
     *
     * @throws TemplateException if they have none, as nan has, which Python puts where its version of the algorithm
     *     happens to
     */
    static int order(RenderLimits budget, Object a, Object b) {
        int order = compare(budget, a, b);
        if (order > 0 && compare(budget, b, a) > 0) {
            throw new TemplateException("nan cannot be sorted");
        }
        return order;
    }

    static Object negative(Object value) {
        if (value instanceof Double number) {
            return -number;
        }
        Undefined.refuse(value);
        long number = PythonBuiltins.whole(value, "a minus sign");
        if (number == Long.MIN_VALUE) {
            throw new TemplateException("-(%s) is too large".formatted(number));
        }
        return -number;
    }

    /** Returns a number as a double; {@code True} is 1. */
    static double number(Object value) {
        return value instanceof Double number ? number : whole(value);
    }

    private static long whole(Object value) {
        return value instanceof Boolean truth ? (truth ? 1 : 0) : (Long) value;
    }

    /** Returns a text, and makes sure that it is not too long. */
    static String limited(RenderLimits budget, String text) {
        budget.work(text.length());
        requireLength(text.length());
        return text;
    }

    /** Joins texts, and makes sure that the result is not too long. */
    static String joined(RenderLimits budget, Stream<String> texts, String between) {
        StringBuilder joined = new StringBuilder();
        Iterator<String> each = texts.iterator();
        while (each.hasNext()) {
            int before = joined.length();
            joined.append(each.next()).append(each.hasNext() ? between : "");
            budget.work(1L + joined.length() - before);
            requireLength(joined.length());
        }
        return joined.toString();
    }

    /**
     * Makes sure that a result is not too long.
     *
     * @throws TemplateException if no result may have this number of characters or elements
     */
    static void requireLength(long length) {
        if (length > LONGEST) {
            throw new TemplateException("a text or list grows beyond a million elements");
        }
    }

    private static TemplateException impossible(String operator, Object a, Object b) {
        return new TemplateException(
                "a %s %s a %s is not possible".formatted(PythonBuiltins.kind(a), operator, PythonBuiltins.kind(b)));
    }
}
