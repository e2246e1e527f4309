package org.layerwise.data.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's operators on numbers, strings and lists. */
final class Arithmetic {

    private static final int LONGEST = 1 << 20;

    private Arithmetic() {}

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    /** {@code a op b}. */
    static Object apply(String operator, Object a, Object b) {
        for (Object each : List.of(a, b)) {
            if (each instanceof Undefined undefined) {
                throw undefined.problem();
            }
        }
        if (isNumber(a) && isNumber(b)) {
            try {
                return a instanceof Double || b instanceof Double
                        ? ofDoubles(operator, number(a), number(b))
                        : ofWholes(operator, whole(a), whole(b));
            } catch (ArithmeticException e) {
                throw new TemplateException("%s %s %s is too large, or a division by zero"
                        .formatted(Values.repr(a), operator, Values.repr(b)));
            }
        }
        if (operator.equals("+")) {
            return sum(a, b);
        }
        if (operator.equals("*")) {
            return a instanceof Long || a instanceof Boolean ? repeated(b, a) : repeated(a, b);
        }
        if (operator.equals("%") && a instanceof String format) {
            return formatted(format, b instanceof Tuple tuple ? tuple : List.of(b));
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

    private static Object sum(Object a, Object b) {
        if (a instanceof String first && b instanceof String second) {
            return limited(first + second);
        }
        if (a instanceof List<?> first
                && b instanceof List<?> second
                && first instanceof Tuple == second instanceof Tuple) {
            List<Object> joined = new ArrayList<>(first);
            joined.addAll(second);
            requireLength(joined.size());
            return a instanceof Tuple ? new Tuple(joined) : joined;
        }
        throw impossible("+", a, b);
    }

    private static Object repeated(Object what, Object times) {
        if (times instanceof Long || times instanceof Boolean) {
            long count = Math.max(0, whole(times));
            if (what instanceof String text) {
                requireLength(count * text.length());
                return text.repeat((int) count);
            }
            if (what instanceof List<?> list) {
                requireLength(count * list.size());
                List<Object> result = new ArrayList<>();
                for (long i = 0; i < count; i++) {
                    result.addAll(list);
                }
                return what instanceof Tuple ? new Tuple(result) : result;
            }
        }
        throw impossible("*", what, times);
    }

    private static String formatted(String format, List<?> values) {
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
                result.append(kind == 's' ? Values.text(value) : Values.whole(value, "%d"));
            } else {
                throw new TemplateException("the format \"%s\" is not known, only %%s and %%d are".formatted(format));
            }
        }
        if (next < values.size()) {
            throw new TemplateException("the format \"%s\" has too few places".formatted(format));
        }
        return result.toString();
    }

    /** Less than 0, 0 or more, as {@code a} is before, like or after {@code b}. */
    static int compare(Object a, Object b) {
        for (Object each : List.of(a, b)) {
            if (each instanceof Undefined undefined) {
                throw undefined.problem();
            }
        }
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
            return java.util.Arrays.compare(
                    first.codePoints().toArray(), second.codePoints().toArray());
        }
        if (a instanceof List<?> first
                && b instanceof List<?> second
                && first instanceof Tuple == second instanceof Tuple) {
            for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
                if (!Values.equal(first.get(i), second.get(i))) {
                    return compare(first.get(i), second.get(i));
                }
            }
            return Integer.compare(first.size(), second.size());
        }
        throw impossible("<", a, b);
    }

    static Object negative(Object value) {
        if (value instanceof Double number) {
            return -number;
        }
        if (value instanceof Undefined undefined) {
            throw undefined.problem();
        }
        return Math.negateExact(Values.whole(value, "a minus sign"));
    }

    /** A number as a double; {@code True} is 1. */
    static double number(Object value) {
        return value instanceof Double number ? number : whole(value);
    }

    private static long whole(Object value) {
        return value instanceof Boolean truth ? (truth ? 1 : 0) : (Long) value;
    }

    /** A text that is not too long to go on with. */
    static String limited(String text) {
        requireLength(text.length());
        return text;
    }

    private static void requireLength(long length) {
        if (length > LONGEST) {
            throw new TemplateException("a text or list grows beyond a million elements");
        }
    }

    private static TemplateException impossible(String operator, Object a, Object b) {
        return new TemplateException(
                "a %s %s a %s is not possible".formatted(Values.kind(a), operator, Values.kind(b)));
    }
}
