package org.layerwise.data.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Members of a value: {@code a.b}, {@code a['b']} and {@code a[1:2]}. */
final class MemberAccess {

    private static final Set<String> CHANGING = Set.of(
            "append",
            "extend",
            "insert",
            "remove",
            "pop",
            "popitem",
            "clear",
            "sort",
            "reverse",
            "update",
            "setdefault");

    private MemberAccess() {}

    /** Returns {@code of.name}: a method if there is one, else the item. */
    static Object attribute(RenderLimits budget, Object of, String name) {
        Undefined.refuse(of);
        if (name.startsWith("__")) {
            throw new TemplateException("'%s' cannot be reached from a template".formatted(name));
        }
        Object method = method(budget, of, name);
        return method != null ? method : byKey(budget, of, name);
    }

    /** Returns {@code of[key]}: the item if there is one, else the method. */
    static Object item(RenderLimits budget, Object of, Object key) {
        Undefined.refuse(of);
        Object found = byKey(budget, of, key);
        if (found instanceof Undefined
                && key instanceof String name
                && !(of instanceof Namespace || of instanceof Loop)) {
            return attribute(budget, of, name);
        }
        return found;
    }

    private static Object byKey(RenderLimits budget, Object of, Object key) {
        if (of instanceof Map<?, ?> map) {
            Object value = map.get(PythonBuiltins.key(key));
            return value == null ? new Undefined("the item %s".formatted(PythonBuiltins.repr(budget, key))) : value;
        }
        if (of instanceof Namespace namespace && key instanceof String name) {
            return namespace.get(name);
        }
        if (of instanceof Loop loop && key instanceof String name) {
            return loop.get(name);
        }
        boolean indexed = of instanceof List || of instanceof String;
        if (indexed && (key instanceof Long || key instanceof Boolean)) {
            List<Object> elements = PythonBuiltins.elementsOf(budget, of);
            long index = PythonBuiltins.whole(key, "an index");
            long place = index < 0 ? index + elements.size() : index;
            if (place >= 0 && place < elements.size()) {
                return elements.get((int) place);
            }
        }
        return new Undefined("'%s' of a %s".formatted(PythonBuiltins.text(budget, key), PythonBuiltins.kind(of)));
    }

    private static @Nullable Object method(RenderLimits budget, Object of, String name) {
        if (of instanceof String text) {
            return StringMethods.find(budget, text, name);
        }
        if (of instanceof Map<?, ?> map) {
            return ofMap(budget, map, name);
        }
        if (of instanceof List<?> list) {
            return ofList(budget, list, name);
        }
        if (of instanceof Callable) {
            throw new TemplateException("'%s' of a function is not known".formatted(name));
        }
        return null;
    }

    private static @Nullable Callable ofMap(RenderLimits budget, Map<?, ?> map, String name) {
        requireUnchanged(name, "dict");
        return switch (name) {
            case "items" ->
                arguments -> {
                    arguments.only(0);
                    List<Object> items = new ArrayList<>();
                    budget.work(map.size());
                    map.forEach((key, value) -> items.add(Tuple.of(key, value)));
                    return items;
                };
            case "keys" -> arguments -> new ArrayList<>(PythonBuiltins.elementsOf(budget, map));
            case "values" ->
                arguments -> {
                    budget.work(map.size());
                    return new ArrayList<Object>(map.values());
                };
            case "copy" -> arguments -> map;
            case "get" ->
                arguments -> {
                    Object value = map.get(PythonBuiltins.key(arguments.only(2).require(0, "key")));
                    return value == null ? arguments.get(1, "default", None.NONE) : value;
                };
            // a method of Python, which a template must not take for undefined
            case "fromkeys" -> throw new TemplateException("the method fromkeys of a dict is not known");
            default -> null;
        };
    }

    private static @Nullable Callable ofList(RenderLimits budget, List<?> list, String name) {
        requireUnchanged(name, "list");
        return switch (name) {
            case "copy" -> arguments -> list;
            case "count" ->
                arguments -> {
                    Object wanted = arguments.only(1).require(0, "value");
                    return list.stream()
                            .filter(each -> PythonBuiltins.equal(budget, each, wanted))
                            .count();
                };
            case "index" ->
                arguments -> {
                    Object wanted = arguments.only(1).require(0, "value");
                    for (int i = 0; i < list.size(); i++) {
                        if (PythonBuiltins.equal(budget, list.get(i), wanted)) {
                            return (long) i;
                        }
                    }
                    throw new TemplateException("%s is not in the list".formatted(PythonBuiltins.repr(budget, wanted)));
                };
            default -> null;
        };
    }

    private static void requireUnchanged(String name, String kind) {
        if (CHANGING.contains(name)) {
            throw new TemplateException("a template must not change a %s (%s)".formatted(kind, name));
        }
    }

    /** Returns {@code of[from:to:step]} as Python does. */
    static Object slice(RenderLimits budget, Object of, @Nullable Long from, @Nullable Long to, @Nullable Long step) {
        Undefined.refuse(of);
        if (!(of instanceof String) && !(of instanceof List)) {
            throw new TemplateException("a %s cannot be cut".formatted(PythonBuiltins.kind(of)));
        }
        List<Object> elements = PythonBuiltins.elementsOf(budget, of);
        long by = step == null ? 1 : step;
        if (by == 0) {
            throw new TemplateException("a slice needs a step other than 0");
        }
        long size = elements.size();
        long start = by > 0 ? bound(from, 0, size, 0, size) : bound(from, size - 1, size, -1, size - 1);
        long end = by > 0 ? bound(to, size, size, 0, size) : bound(to, -1, size, -1, size - 1);
        List<Object> cut = new ArrayList<>();
        for (long i = start; by > 0 ? i < end : i > end; i += by) {
            cut.add(elements.get((int) i));
        }
        if (of instanceof String) {
            StringBuilder text = new StringBuilder();
            cut.forEach(text::append);
            return text.toString();
        }
        return of instanceof Tuple ? new Tuple(cut) : cut;
    }

    private static long bound(@Nullable Long given, long fallback, long size, long least, long most) {
        if (given == null) {
            return fallback;
        }
        long place = given < 0 ? given + size : given;
        return Math.max(least, Math.min(most, place));
    }
}
