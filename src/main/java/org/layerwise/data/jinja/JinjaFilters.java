package org.layerwise.data.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Jinja's filters, without those that escape for HTML: {@code value | name}. */
final class JinjaFilters {

    private static final int WIDEST = 32;

    /** Filters that take no arguments here; some of them take such in Jinja that would change their result. */
    private static final Set<String> WITHOUT_ARGUMENTS = Set.of(
            "upper",
            "lower",
            "capitalize",
            "string",
            "length",
            "count",
            "first",
            "last",
            "list",
            "reverse",
            "unique",
            "sum",
            "min",
            "max",
            "items",
            "dictsort");

    private JinjaFilters() {}

    /** Applies the filter that the arguments name to the first argument. */
    static Object apply(Arguments arguments) {
        Object value = arguments.positional().get(0);
        Arguments rest = arguments.rest();
        RenderLimits budget = arguments.budget();
        budget.operation(value, rest);
        if (WITHOUT_ARGUMENTS.contains(arguments.of())) {
            rest.only(0);
        }
        return switch (arguments.of()) {
            case "trim" -> {
                String characters = StringMethods.characters(rest.only(1, "chars"));
                yield PythonStrings.strip(PythonBuiltins.text(budget, value), characters, true, true);
            }
            case "upper" -> PythonBuiltins.upper(budget, PythonBuiltins.text(budget, value));
            case "lower" -> PythonBuiltins.lower(budget, PythonBuiltins.text(budget, value));
            case "capitalize" -> PythonStrings.capitalized(budget, PythonBuiltins.text(budget, value));
            case "string" -> PythonBuiltins.text(budget, value);
            case "replace" ->
                PythonStrings.replace(
                        PythonBuiltins.text(budget, value),
                        PythonBuiltins.text(
                                budget, rest.only(3, "old", "new", "count").require(0, "old")),
                        PythonBuiltins.text(budget, rest.require(1, "new")),
                        rest.get(2, "count", None.NONE) == None.NONE
                                ? -1
                                : PythonBuiltins.whole(rest.require(2, "count"), "replace"));
            case "indent" -> indent(PythonBuiltins.text(budget, value), rest.only(3, "width", "first", "blank"));
            case "format" ->
                Arithmetic.apply(
                        budget,
                        "%",
                        PythonBuiltins.text(budget, value),
                        new Tuple(rest.only(Integer.MAX_VALUE).positional()));
            case "length", "count" -> PythonBuiltins.length(budget, value);
            case "first" -> edge(budget, value, true);
            case "last" -> edge(budget, value, false);
            case "list" -> new ArrayList<>(PythonBuiltins.elementsOf(budget, value));
            case "join" -> join(value, rest.only(2, "d", "attribute"));
            case "reverse" -> reversed(budget, value);
            case "sort" -> sort(value, rest.only(3, "reverse", "case_sensitive", "attribute"));
            case "unique" -> unique(value, rest);
            case "sum" ->
                PythonBuiltins.elementsOf(budget, value).stream()
                        .reduce(0L, (a, b) -> Arithmetic.apply(budget, "+", a, b));
            case "min", "max" -> extreme(budget, value, arguments.of().equals("min"));
            case "map" -> map(value, rest);
            case "select" -> chosen(value, rest, true);
            case "reject" -> chosen(value, rest, false);
            case "selectattr" -> chosenByAttribute(value, rest, true);
            case "rejectattr" -> chosenByAttribute(value, rest, false);
            case "items" -> value instanceof Undefined ? List.of() : pairs(budget, value);
            case "dictsort" ->
                sorted(
                        pairs(budget, value),
                        Comparator.comparing(
                                pair -> folded(budget, ((Tuple) pair).get(0)),
                                (a, b) -> Arithmetic.order(budget, a, b)));
            case "default", "d" -> {
                boolean falseToo = PythonBuiltins.truth(
                        rest.only(2, "default_value", "boolean").get(1, "boolean", false));
                boolean missing = value instanceof Undefined || falseToo && !PythonBuiltins.truth(value);
                yield missing ? rest.get(0, "default_value", "") : value;
            }
            case "attr" ->
                MemberAccess.attribute(
                        budget,
                        value,
                        PythonBuiltins.string(rest.only(1, "name").require(0, "name"), "attr"));
            case "int" -> whole(value, rest.only(1, "default"));
            case "float" -> decimal(value, rest.only(1, "default"));
            case "abs" -> Arithmetic.compare(budget, value, 0L) < 0 ? Arithmetic.negative(value) : value;
            case "tojson" -> json(value, rest.only(0, "ensure_ascii", "indent", "separators", "sort_keys"));
            default -> throw new TemplateException("the filter %s is not known".formatted(arguments.of()));
        };
    }

    private static Object edge(RenderLimits budget, Object value, boolean first) {
        List<Object> elements = PythonBuiltins.elementsOf(budget, value);
        return elements.isEmpty()
                ? new Undefined("the %s element of nothing".formatted(first ? "first" : "last"))
                : elements.get(first ? 0 : elements.size() - 1);
    }

    private static String indent(String text, Arguments arguments) {
        RenderLimits budget = arguments.budget();
        Object width = arguments.get(0, "width", 4L);
        String space = width instanceof String given
                ? given
                : " ".repeat((int) Math.max(0, Math.min(WIDEST, PythonBuiltins.whole(width, "indent"))));
        boolean first = PythonBuiltins.truth(arguments.get(1, "first", false));
        boolean blank = PythonBuiltins.truth(arguments.get(2, "blank", false));
        String[] lines = text.split("\n", -1);
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            boolean indented = i == 0 ? first : blank || !lines[i].isEmpty();
            result.append(i == 0 ? "" : "\n").append(indented ? space : "").append(lines[i]);
            Arithmetic.requireLength(result.length());
        }
        return Arithmetic.limited(budget, result.toString());
    }

    private static String join(Object value, Arguments arguments) {
        RenderLimits budget = arguments.budget();
        Object attribute = arguments.get(1, "attribute", None.NONE);
        return Arithmetic.joined(
                budget,
                PythonBuiltins.elementsOf(budget, value).stream()
                        .map(each -> PythonBuiltins.text(
                                budget, attribute == None.NONE ? each : byPath(budget, each, attribute))),
                PythonBuiltins.text(budget, arguments.get(0, "d", "")));
    }

    private static Object reversed(RenderLimits budget, Object value) {
        if (value instanceof String text) {
            return new StringBuilder(text).reverse().toString();
        }
        List<Object> reversed = new ArrayList<>(PythonBuiltins.elementsOf(budget, value));
        java.util.Collections.reverse(reversed);
        return reversed;
    }

    private static Object sort(Object value, Arguments arguments) {
        RenderLimits budget = arguments.budget();
        boolean cased = PythonBuiltins.truth(arguments.get(1, "case_sensitive", false));
        Object attribute = arguments.get(2, "attribute", None.NONE);
        Function<Object, Object> key = each -> attribute == None.NONE ? each : byPath(budget, each, attribute);
        Comparator<Object> order = Comparator.comparing(
                each -> cased ? key.apply(each) : folded(budget, key.apply(each)),
                (a, b) -> Arithmetic.order(budget, a, b));
        return sorted(
                PythonBuiltins.elementsOf(budget, value),
                PythonBuiltins.truth(arguments.get(0, "reverse", false)) ? order.reversed() : order);
    }

    private static List<Object> sorted(List<Object> elements, Comparator<Object> order) {
        List<Object> sorted = new ArrayList<>(elements);
        sorted.sort(order);
        return sorted;
    }

    private static Object folded(RenderLimits budget, Object value) {
        return value instanceof String text ? PythonBuiltins.lower(budget, text) : value;
    }

    private static Object unique(Object value, Arguments arguments) {
        RenderLimits budget = arguments.budget();
        List<Object> unique = new ArrayList<>();
        for (Object each : PythonBuiltins.elementsOf(budget, value)) {
            if (unique.stream()
                    .noneMatch(other -> PythonBuiltins.equal(budget, folded(budget, other), folded(budget, each)))) {
                unique.add(each);
            }
        }
        return unique;
    }

    private static Object extreme(RenderLimits budget, Object value, boolean least) {
        Comparator<Object> order = (a, b) -> Arithmetic.compare(budget, folded(budget, a), folded(budget, b));
        // the first of equal elements, as in Python
        Object found = null;
        for (Object each : PythonBuiltins.elementsOf(budget, value)) {
            if (found == null || (least ? order.compare(each, found) < 0 : order.compare(found, each) < 0)) {
                found = each;
            }
        }
        return found == null ? new Undefined("the extreme of nothing") : found;
    }

    private static Object map(Object value, Arguments arguments) {
        RenderLimits budget = arguments.budget();
        List<Object> mapped = new ArrayList<>();
        for (Object each : PythonBuiltins.elementsOf(budget, value)) {
            if (arguments.named().containsKey("attribute")) {
                Object found = byPath(
                        budget, each, arguments.only(0, "attribute", "default").require(0, "attribute"));
                mapped.add(found instanceof Undefined ? arguments.get(1, "default", found) : found);
            } else {
                mapped.add(apply(onEach(arguments, each)));
            }
        }
        return mapped;
    }

    /**
     * Returns the arguments of the filter or test that the first argument names, applied to an element with the other
     * arguments.
     */
    private static Arguments onEach(Arguments arguments, Object element) {
        String name = PythonBuiltins.string(arguments.require(0, "the name of a filter or test"), arguments.of());
        List<Object> values = new ArrayList<>(arguments.positional());
        values.set(0, element);
        return new Arguments(name, values, arguments.named(), arguments.budget());
    }

    private static Object chosen(Object value, Arguments arguments, boolean wanted) {
        RenderLimits budget = arguments.budget();
        boolean named = !arguments.positional().isEmpty();
        return filtered(
                budget,
                value,
                each -> (named ? JinjaTests.test(onEach(arguments, each)) : PythonBuiltins.truth(each)) == wanted);
    }

    private static Object chosenByAttribute(Object value, Arguments arguments, boolean wanted) {
        RenderLimits budget = arguments.budget();
        Object attribute = arguments.require(0, "the name of an attribute"); // by position only, as in Jinja
        Arguments rest = arguments.rest();
        boolean named = !rest.positional().isEmpty();
        return filtered(budget, value, each -> {
            Object found = byPath(budget, each, attribute);
            return (named ? JinjaTests.test(onEach(rest, found)) : PythonBuiltins.truth(found)) == wanted;
        });
    }

    private static List<Object> filtered(RenderLimits budget, Object value, Predicate<Object> wanted) {
        return new ArrayList<>(
                PythonBuiltins.elementsOf(budget, value).stream().filter(wanted).toList());
    }

    /**
     * Returns the value at a path such as {@code a.b.0}, for filters that take an attribute; items take precedence over
     * methods.
     */
    private static Object byPath(RenderLimits budget, Object value, Object path) {
        if (path instanceof Long) {
            return MemberAccess.item(budget, value, path);
        }
        Object found = value;
        for (String part : PythonBuiltins.string(path, "attribute").split("\\.", -1)) {
            found = MemberAccess.item(budget, found, part.matches("\\d{1,9}") ? (Object) Long.valueOf(part) : part);
        }
        return found;
    }

    private static List<Object> pairs(RenderLimits budget, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new TemplateException("a %s has no pairs of key and value".formatted(PythonBuiltins.kind(value)));
        }
        budget.work(map.size());
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, each) -> pairs.add(Tuple.of(key, each)));
        return pairs;
    }

    private static Object whole(Object value, Arguments arguments) {
        if (value instanceof Double number) {
            return Double.isFinite(number) ? (Object) number.longValue() : arguments.get(0, "default", 0L);
        }
        if (value instanceof Long || value instanceof Boolean) {
            return PythonBuiltins.whole(value, "int");
        }
        if (value instanceof String text
                && PythonStrings.strip(text, null, true, true).matches("[+-]?\\d{1,18}")) {
            return Long.parseLong(PythonStrings.strip(text, null, true, true));
        }
        Object decimal = decimal(value, new Arguments("int", List.of(None.NONE), Map.of(), arguments.budget()));
        return decimal instanceof Double number ? (Object) number.longValue() : arguments.get(0, "default", 0L);
    }

    private static Object decimal(Object value, Arguments arguments) {
        if (Arithmetic.isNumber(value)) {
            return Arithmetic.number(value);
        }
        String text = value instanceof String given ? PythonStrings.strip(given, null, true, true) : "";
        return text.matches("[+-]?(\\d++\\.?+\\d*+|\\.\\d++)([eE][+-]?\\d++)?")
                ? (Object) Double.valueOf(text)
                : arguments.get(0, "default", 0.0);
    }

    private static String json(Object value, Arguments arguments) {
        RenderLimits budget = arguments.budget();
        Object indent = arguments.get(1, "indent", None.NONE);
        Object separators = arguments.get(2, "separators", None.NONE);
        String between = indent == None.NONE ? ", " : ",";
        String colon = ": ";
        if (separators instanceof List<?> pair && pair.size() == 2) {
            between = PythonBuiltins.string(pair.get(0), "tojson");
            colon = PythonBuiltins.string(pair.get(1), "tojson");
        }
        return Arithmetic.limited(
                budget,
                new PythonJson(
                                budget,
                                indent == None.NONE
                                        ? null
                                        : (int) Math.max(0, Math.min(WIDEST, PythonBuiltins.whole(indent, "tojson"))),
                                between,
                                colon,
                                PythonBuiltins.truth(arguments.get(0, "ensure_ascii", false)),
                                PythonBuiltins.truth(arguments.get(3, "sort_keys", false)))
                        .write(value));
    }
}
