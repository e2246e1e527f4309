package org.layerwise.selection.export;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.layerwise.base.Decimals;

/** Writes values as Python 3 literals. */
public final class PythonText {

    private static final double MOST_WHOLE = 1e15;

    private PythonText() {}

    /** Returns a text in double quotes; quotes, backslashes and invisible characters are escaped. */
    public static String of(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            switch (point) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (shows(point)) {
                        quoted.appendCodePoint(point);
                    } else {
                        quoted.append(point > 0xffff ? "\\U%08x".formatted(point) : "\\u%04x".formatted(point));
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    private static boolean shows(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> false;
            default -> true;
        };
    }

    /** Returns {@code True} or {@code False}. */
    static String of(boolean truth) {
        return truth ? "True" : "False";
    }

    /** Returns a whole number without a decimal point, and any other number as Python's {@code repr}. */
    static String of(double number) {
        return number == Math.rint(number) && Math.abs(number) < MOST_WHOLE
                ? String.valueOf((long) number)
                : Decimals.shortest(number);
    }

    /** Returns a list of texts. */
    public static String list(Collection<String> texts) {
        return texts.stream().map(PythonText::of).collect(Collectors.joining(", ", "[", "]"));
    }

    /** Returns a list of whole numbers. */
    static String numbers(Collection<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }

    /** Returns a dict from texts to numbers. */
    static String dict(Map<String, ? extends Number> values) {
        return values.entrySet().stream()
                .map(entry -> of(entry.getKey()) + ": " + of(entry.getValue().doubleValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
