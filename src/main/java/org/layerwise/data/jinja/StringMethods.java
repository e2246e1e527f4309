package org.layerwise.data.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Methods of Python's {@code str}. */
final class StringMethods {

    private static final Set<String> UNKNOWN = Set.of(
            "casefold",
            "center",
            "encode",
            "expandtabs",
            "format",
            "format_map",
            "isascii",
            "isdecimal",
            "isidentifier",
            "isnumeric",
            "isprintable",
            "istitle",
            "ljust",
            "maketrans",
            "partition",
            "rindex",
            "rjust",
            "rpartition",
            "swapcase",
            "translate",
            "zfill");

    private StringMethods() {}

    /** Returns a method of a text; null if {@code str} has none of that name. */
    static @Nullable Callable find(RenderLimits budget, String text, String name) {
        if (UNKNOWN.contains(name)) {
            throw new TemplateException("the method %s of a str is not known".formatted(name));
        }
        Callable method = known(budget, text, name);
        return method == null
                ? null
                : arguments -> {
                    budget.operation(text, arguments);
                    return method.call(arguments);
                };
    }

    private static @Nullable Callable known(RenderLimits budget, String text, String name) {
        return switch (name) {
            case "strip" -> arguments -> PythonStrings.strip(text, characters(arguments.only(1)), true, true);
            case "lstrip" -> arguments -> PythonStrings.strip(text, characters(arguments.only(1)), true, false);
            case "rstrip" -> arguments -> PythonStrings.strip(text, characters(arguments.only(1)), false, true);
            case "upper" -> arguments -> PythonBuiltins.upper(budget, text);
            case "lower" -> arguments -> PythonBuiltins.lower(budget, text);
            case "title" -> arguments -> PythonStrings.title(budget, text);
            case "capitalize" -> arguments -> PythonStrings.capitalized(budget, text);
            case "startswith" -> arguments -> affix(arguments).stream().anyMatch(text::startsWith);
            case "endswith" -> arguments -> affix(arguments).stream().anyMatch(text::endsWith);
            case "removeprefix" ->
                arguments -> {
                    String prefix = only(arguments);
                    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
                };
            case "removesuffix" ->
                arguments -> {
                    String suffix = only(arguments);
                    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
                };
            case "replace" ->
                arguments -> PythonStrings.replace(
                        text,
                        PythonBuiltins.string(arguments.only(3, "count").require(0, "old"), "replace"),
                        PythonBuiltins.string(arguments.require(1, "new"), "replace"),
                        PythonBuiltins.whole(arguments.get(2, "count", -1L), "replace"));
            case "split" -> arguments -> split(text, arguments, false);
            case "rsplit" -> arguments -> split(text, arguments, true);
            case "splitlines" ->
                arguments -> {
                    arguments.only(0);
                    List<Object> lines = new ArrayList<>(
                            List.of(text.split("\r\n|[\n\r\u000B\f\u001C-\u001E\u0085\u2028\u2029]", -1)));
                    if (lines.get(lines.size() - 1).equals("")) {
                        lines.remove(lines.size() - 1);
                    }
                    return lines;
                };
            case "join" ->
                arguments -> Arithmetic.joined(
                        budget,
                        PythonBuiltins.elementsOf(budget, arguments.only(1).require(0, "elements")).stream()
                                .map(each -> PythonBuiltins.string(each, "join")),
                        text);
            case "find" -> arguments -> place(text, text.indexOf(only(arguments)));
            case "rfind" -> arguments -> place(text, text.lastIndexOf(only(arguments)));
            case "index" ->
                arguments -> {
                    long found = place(text, text.indexOf(only(arguments)));
                    if (found < 0) {
                        throw new TemplateException("index does not find the text");
                    }
                    return found;
                };
            case "count" -> arguments -> PythonStrings.count(text, only(arguments));
            case "isdigit" -> arguments -> all(text, Character::isDigit);
            case "isalpha" -> arguments -> all(text, Character::isLetter);
            case "isalnum" -> arguments -> all(text, Character::isLetterOrDigit);
            case "isspace" -> arguments -> all(text, PythonStrings::isSpace);
            case "isupper" -> arguments -> PythonStrings.isUpper(budget, text);
            case "islower" -> arguments -> PythonStrings.isLower(budget, text);
            default -> null;
        };
    }

    /** Returns the characters to strip; null for white space. */
    static @Nullable String characters(Arguments arguments) {
        Object given = arguments.get(0, "chars", None.NONE);
        return given == None.NONE ? null : PythonBuiltins.string(given, arguments.of());
    }

    private static String only(Arguments arguments) {
        return PythonBuiltins.string(arguments.only(1).require(0, "a text"), arguments.of());
    }

    private static List<String> affix(Arguments arguments) {
        Object given = arguments.only(1).require(0, "a text");
        return given instanceof Tuple tuple
                ? tuple.stream()
                        .map(each -> PythonBuiltins.string(each, arguments.of()))
                        .toList()
                : List.of(PythonBuiltins.string(given, arguments.of()));
    }

    private static long place(String text, int index) {
        return index < 0 ? -1 : text.codePointCount(0, index);
    }

    private static boolean all(String text, IntPredicate test) {
        return !text.isEmpty() && text.codePoints().allMatch(test);
    }

    private static List<Object> split(String text, Arguments arguments, boolean fromRight) {
        Object separator = arguments.only(2, "sep", "maxsplit").get(0, "sep", None.NONE);
        long most = PythonBuiltins.whole(arguments.get(1, "maxsplit", -1L), arguments.of());
        long cuts = most < 0 ? Long.MAX_VALUE : most;
        if (separator == None.NONE) {
            return fromRight && most >= 0 ? refused() : words(text, cuts);
        }
        String between = PythonBuiltins.string(separator, arguments.of());
        if (between.isEmpty()) {
            throw new TemplateException("split needs a separator that is not empty");
        }
        if (fromRight) {
            return fromRight(text, between, cuts);
        }
        int parts = (int) Math.min(cuts, Integer.MAX_VALUE - 1) + 1;
        return new ArrayList<>(List.of(text.split(Pattern.quote(between), parts)));
    }

    private static List<Object> refused() {
        throw new TemplateException("rsplit at white space with a limit is not known");
    }

    private static List<Object> words(String text, long cuts) {
        List<Object> words = new ArrayList<>();
        int start = PythonStrings.place(text, 0, true);
        while (start < text.length()) {
            int end = words.size() == cuts ? text.length() : PythonStrings.place(text, start, false);
            words.add(text.substring(start, end));
            start = PythonStrings.place(text, end, true);
        }
        return words;
    }

    private static List<Object> fromRight(String text, String between, long cuts) {
        List<Object> parts = new ArrayList<>();
        int end = text.length();
        int found = text.lastIndexOf(between);
        while (found >= 0 && parts.size() < cuts) {
            parts.add(text.substring(found + between.length(), end));
            end = found;
            found = text.lastIndexOf(between, end - between.length());
        }
        parts.add(text.substring(0, end));
        Collections.reverse(parts);
        return parts;
    }
}
