package org.layerwise.data.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Functions that transformers gives to chat templates, and that Jinja gives to all templates. */
final class JinjaFunctions {

    private static final int LONGEST_RANGE = 100_000;

    private static final Map<String, String> DATE_PARTS = Map.ofEntries(
            Map.entry("Y", "uuuu"),
            Map.entry("y", "uu"),
            Map.entry("m", "MM"),
            Map.entry("-m", "M"),
            Map.entry("d", "dd"),
            Map.entry("-d", "d"),
            Map.entry("B", "MMMM"),
            Map.entry("b", "MMM"),
            Map.entry("A", "EEEE"),
            Map.entry("a", "EEE"),
            Map.entry("H", "HH"),
            Map.entry("-H", "H"),
            Map.entry("I", "hh"),
            Map.entry("-I", "h"),
            Map.entry("M", "mm"),
            Map.entry("-M", "m"),
            Map.entry("S", "ss"),
            Map.entry("-S", "s"),
            Map.entry("p", "a"),
            Map.entry("j", "DDD"));

    private JinjaFunctions() {}

    static void define(Scope scope, LocalDateTime now) {
        scope.set("raise_exception", (Callable) arguments -> {
            throw TemplateException.raisedBy(PythonBuiltins.text(
                    arguments.budget(), arguments.only(1, "message").require(0, "message")));
        });
        scope.set("strftime_now", (Callable) arguments ->
                date(PythonBuiltins.string(arguments.only(1, "format").require(0, "format"), "strftime_now"), now));
        scope.set("namespace", (Callable) JinjaFunctions::namespace);
        scope.set("dict", (Callable) arguments -> new LinkedHashMap<Object, Object>(arguments
                .only(0, arguments.named().keySet().toArray(String[]::new))
                .named()));
        scope.set("range", (Callable) JinjaFunctions::range);
        for (String unknown : List.of("cycler", "joiner", "lipsum")) {
            scope.set(unknown, (Callable) arguments -> {
                throw new TemplateException("the function %s is not known".formatted(unknown));
            });
        }
    }

    private static Object namespace(Arguments arguments) {
        Namespace namespace = new Namespace();
        if (!arguments.positional().isEmpty()) {
            if (!(arguments.positional().get(0) instanceof Map<?, ?> map)) {
                throw new TemplateException("namespace takes a dict or names with values");
            }
            map.forEach((key, value) -> namespace.set(PythonBuiltins.string(key, "namespace"), value));
        }
        arguments.named().forEach(namespace::set);
        return namespace;
    }

    private static Object range(Arguments arguments) {
        arguments.only(3);
        boolean one = arguments.positional().size() == 1;
        long start = one ? 0 : PythonBuiltins.whole(arguments.require(0, "a start"), "range");
        long end = PythonBuiltins.whole(arguments.require(one ? 0 : 1, "an end"), "range");
        long step = PythonBuiltins.whole(arguments.get(2, "step", 1L), "range");
        if (step == 0) {
            throw new TemplateException("range needs a step other than 0");
        }
        List<Object> numbers = new ArrayList<>();
        for (long i = start; step > 0 ? i < end : i > end; i += step) {
            if (numbers.size() == LONGEST_RANGE) {
                throw new TemplateException("a range has more than %s elements".formatted(LONGEST_RANGE));
            }
            numbers.add(i);
        }
        return numbers;
    }

    private static String date(String format, LocalDateTime now) {
        StringBuilder date = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            if (format.charAt(i) != '%') {
                date.append(format.charAt(i));
                continue;
            }
            int length = format.startsWith("-", i + 1) ? 2 : 1;
            String part = format.substring(Math.min(i + 1, format.length()), Math.min(i + 1 + length, format.length()));
            String pattern = DATE_PARTS.get(part);
            if (part.equals("%")) {
                date.append('%');
            } else if (pattern == null) {
                throw new TemplateException("%%%s of strftime_now is not known".formatted(part));
            } else {
                date.append(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now));
            }
            i += length;
        }
        return date.toString();
    }
}
