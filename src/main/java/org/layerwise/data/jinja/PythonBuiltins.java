package org.layerwise.data.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Operations of Python's built-ins on values, which are {@code String}, {@code Long}, {@code Double}, {@code Boolean},
 * {@link None}, {@link Undefined}, {@code List}, {@link Tuple}, {@code Map}, {@link Namespace}, {@link Loop} and
 * {@link Callable}.
 */
final class PythonBuiltins {

    private PythonBuiltins() {}

    /** Converts a Java value, which must be of one of JSON's kinds. */
    static Object of(@Nullable Object value) {
        if (value == null) {
            return None.NONE;
        }
        if (value instanceof Integer number) {
            return number.longValue();
        }
        if (value instanceof Float number) {
            return number.doubleValue();
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>(list.size());
            list.forEach(each -> copy.add(of(each)));
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, each) -> copy.put(of(key), of(each)));
            return copy;
        }
        if (value instanceof String || value instanceof Long || value instanceof Double || value instanceof Boolean) {
            return value;
        }
        if (value instanceof BigInteger) {
            throw new TemplateException("it is given a number beyond 64 bits");
        }
        throw new IllegalArgumentException("a template cannot be given " + value.getClass());
    }

    /** Returns {@code bool(value)}. */
    static boolean truth(Object value) {
        return switch (kind(value)) {
            case "NoneType", "Undefined" -> false;
            case "bool" -> (Boolean) value;
            case "int", "float" -> ((Number) value).doubleValue() != 0;
            case "str" -> !((String) value).isEmpty();
            case "list", "tuple" -> !((List<?>) value).isEmpty();
            case "dict" -> !((Map<?, ?>) value).isEmpty();
            default -> true;
        };
    }

    /** Returns {@code str(value)}. */
    static String text(RenderLimits budget, Object value) {
        return value instanceof String text ? text : value instanceof Undefined ? "" : repr(budget, value);
    }

    /** Returns {@code repr(value)}. */
    static String repr(RenderLimits budget, Object value) {
        budget.work(1);
        if (value instanceof String text) {
            return quoted(budget, text);
        }
        if (value instanceof Boolean truth) {
            return truth ? "True" : "False";
        }
        if (value instanceof Double number) {
            return decimal(number);
        }
        if (value instanceof Long number) {
            return number.toString();
        }
        if (value instanceof None) {
            return "None";
        }
        if (value instanceof Tuple tuple) {
            return "(%s)".formatted(tuple.size() == 1 ? repr(budget, tuple.get(0)) + "," : elements(budget, tuple));
        }
        if (value instanceof List<?> list) {
            return "[%s]".formatted(elements(budget, list));
        }
        if (value instanceof Map<?, ?> map) {
            return "{%s}"
                    .formatted(Arithmetic.joined(
                            budget,
                            map.entrySet().stream()
                                    .map(entry -> repr(budget, entry.getKey()) + ": " + repr(budget, entry.getValue())),
                            ", "));
        }
        if (value instanceof Undefined) {
            return "Undefined";
        }
        throw new TemplateException("a %s cannot be written as text".formatted(kind(value)));
    }

    private static String elements(RenderLimits budget, List<?> list) {
        return Arithmetic.joined(budget, list.stream().map(each -> repr(budget, each)), ", ");
    }

    private static String quoted(RenderLimits budget, String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        budget.work(text.length());
        StringBuilder quoted = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\\' -> quoted.append("\\\\");
                default -> {
                    if (c == quote) {
                        quoted.append('\\').append(quote);
                    } else if (c < ' ' || c >= 0x7F && c <= 0xA0 || c == 0xAD) {
                        quoted.append("\\x%02x".formatted(c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append(quote).toString();
    }

    /** Returns {@code repr} of a float. */
    static String decimal(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        double size = Math.abs(number);
        BigDecimal exact = new BigDecimal(Double.toString(number));
        if (size == 0 || size >= 1e-4 && size < 1e16) {
            String plain = exact.signum() == 0
                    ? (1 / number < 0 ? "-0.0" : "0.0")
                    : exact.stripTrailingZeros().toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        BigDecimal shortest = exact.stripTrailingZeros();
        String digits = shortest.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        return "%s%s%s"
                        .formatted(
                                number < 0 ? "-" : "",
                                digits.charAt(0),
                                digits.length() > 1 ? "." + digits.substring(1) : "")
                + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** Returns the name of Python's type. */
    static String kind(Object value) {
        if (value instanceof String) {
            return "str";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Long) {
            return "int";
        }
        if (value instanceof Double) {
            return "float";
        }
        if (value instanceof None) {
            return "NoneType";
        }
        if (value instanceof Undefined) {
            return "Undefined";
        }
        if (value instanceof Tuple) {
            return "tuple";
        }
        if (value instanceof List) {
            return "list";
        }
        if (value instanceof Map) {
            return "dict";
        }
        return value instanceof Namespace ? "namespace" : value instanceof Loop ? "loop" : "function";
    }

    /** Returns {@code a == b}. */
    static boolean equal(RenderLimits budget, Object a, Object b) {
        budget.work(a instanceof String text ? 1L + text.length() : 1);
        if (Arithmetic.isNumber(a) && Arithmetic.isNumber(b)) {
            return Arithmetic.compare(budget, a, b) == 0;
        }
        if (a instanceof List<?> first && b instanceof List<?> second) {
            if (first instanceof Tuple != second instanceof Tuple || first.size() != second.size()) {
                return false;
            }
            for (int i = 0; i < first.size(); i++) {
                if (!equal(budget, first.get(i), second.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a instanceof Map<?, ?> first && b instanceof Map<?, ?> second) {
            return first.size() == second.size()
                    && first.entrySet().stream()
                            .allMatch(entry -> second.containsKey(entry.getKey())
                                    && equal(budget, entry.getValue(), second.get(entry.getKey())));
        }
        return a.equals(b);
    }

    /** Returns {@code list(value)}, without a copy if the value is a list. */
    static List<Object> elementsOf(RenderLimits budget, Object value) {
        if (value instanceof List<?> list) {
            budget.work(list.size());
            return cast(list);
        }
        if (value instanceof Map<?, ?> map) {
            budget.work(map.size());
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof String text) {
            budget.work(text.length());
            return PythonStrings.characters(text);
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        throw new TemplateException("a %s has no elements".formatted(kind(value)));
    }

    @SuppressWarnings("unchecked") // all elements of a list are values
    private static List<Object> cast(List<?> list) {
        return (List<Object>) list;
    }

    /** Returns {@code element in container}. */
    static boolean contains(RenderLimits budget, Object container, Object element) {
        if (container instanceof String text) {
            if (element instanceof String part) {
                budget.search(text, part);
                return text.contains(part);
            }
            throw new TemplateException("a str holds only strings, not a %s".formatted(kind(element)));
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(key(element));
        }
        return elementsOf(budget, container).stream().anyMatch(each -> equal(budget, each, element));
    }

    /**
     * Returns a key of a dict. Lists and dicts are refused, since Python cannot hash them. Tuples are refused too,
     * since hashing them may take very long.
     */
    static Object key(Object value) {
        if (value instanceof List || value instanceof Map) {
            throw new TemplateException("a %s as a key is not known".formatted(kind(value)));
        }
        return value;
    }

    /** Returns {@code len(value)}. */
    static long length(RenderLimits budget, Object value) {
        if (value instanceof String text) {
            budget.work(text.length());
            return PythonStrings.length(text);
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof List || value instanceof Undefined) {
            return elementsOf(budget, value).size();
        }
        throw new TemplateException("a %s has no length".formatted(kind(value)));
    }

    static String string(Object value, String where) {
        if (value instanceof String text) {
            return text;
        }
        Undefined.refuse(value);
        throw new TemplateException("%s takes a str, not a %s".formatted(where, kind(value)));
    }

    static long whole(Object value, String where) {
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof Boolean truth) {
            return truth ? 1 : 0;
        }
        throw new TemplateException("%s takes an int, not a %s".formatted(where, kind(value)));
    }

    static String lower(RenderLimits budget, String text) {
        budget.work(text.length());
        return text.toLowerCase(Locale.ROOT);
    }

    static String upper(RenderLimits budget, String text) {
        budget.work(text.length());
        return text.toUpperCase(Locale.ROOT);
    }
}
