package org.layerwise.data.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON writer like Python's {@code json.dumps}, as the filter {@code tojson} of transformers calls it.
 *
 * @param budget budget of the rendering
 * @param indent spaces per level; null for one line
 * @param between text between elements
 * @param colon text after each key
 * @param ascii true if all characters outside ASCII are escaped
 * @param sorted true if keys are sorted
 */
record PythonJson(
        RenderLimits budget, @Nullable Integer indent, String between, String colon, boolean ascii, boolean sorted) {

    String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, 0, out);
        return out.toString();
    }

    private void write(Object value, int level, StringBuilder out) {
        Arithmetic.requireLength(out.length());
        budget.work(1);
        if (value instanceof String text) {
            quote(text, out);
        } else if (value instanceof Boolean || value instanceof Long) {
            out.append(value);
        } else if (value instanceof None) {
            out.append("null");
        } else if (value instanceof Double number) {
            out.append(
                    Double.isNaN(number)
                            ? "NaN"
                            : Double.isInfinite(number)
                                    ? (number > 0 ? "Infinity" : "-Infinity")
                                    : PythonBuiltins.decimal(number));
        } else if (value instanceof List<?> list) {
            List<Runnable> parts = new ArrayList<>();
            list.forEach(each -> parts.add(() -> write(each, level + 1, out)));
            group('[', ']', parts, level, out);
        } else if (value instanceof Map<?, ?> map) {
            Map<String, Object> byName = new java.util.LinkedHashMap<>();
            map.forEach((key, each) -> byName.put(name(key), each));
            List<Runnable> parts = new ArrayList<>();
            (sorted ? new TreeMap<>(byName) : byName)
                    .forEach((key, each) -> parts.add(() -> {
                        quote(key, out);
                        out.append(colon);
                        write(each, level + 1, out);
                    }));
            group('{', '}', parts, level, out);
        } else {
            Undefined.refuse(value);
            throw new TemplateException("a %s cannot be written as JSON".formatted(PythonBuiltins.kind(value)));
        }
    }

    private String name(Object key) {
        if (key instanceof String text) {
            return text;
        }
        if (key instanceof None) {
            return "null";
        }
        return key instanceof Boolean truth ? truth.toString() : PythonBuiltins.repr(budget, key);
    }

    private void group(char open, char close, List<Runnable> parts, int level, StringBuilder out) {
        out.append(open);
        for (int i = 0; i < parts.size(); i++) {
            out.append(i == 0 ? "" : between);
            newLine(level + 1, out);
            parts.get(i).run();
        }
        if (!parts.isEmpty()) {
            newLine(level, out);
        }
        out.append(close);
    }

    private void newLine(int level, StringBuilder out) {
        if (indent != null) {
            out.append('\n').append(" ".repeat(indent * level));
        }
    }

    private void quote(String text, StringBuilder out) {
        budget.work(text.length());
        out.append('"');
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> out.append(c < ' ' || ascii && c > '~' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
            }
        }
        out.append('"');
    }
}
