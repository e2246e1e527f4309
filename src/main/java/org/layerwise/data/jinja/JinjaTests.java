package org.layerwise.data.jinja;

import java.util.List;
import java.util.Map;

/** Jinja's tests: {@code value is name}. */
final class JinjaTests {

    private JinjaTests() {}

    /** Returns the result of the test that the arguments name, applied to the first argument. */
    static boolean test(Arguments arguments) {
        Object value = arguments.positional().get(0);
        Arguments rest = arguments.rest();
        RenderLimits budget = arguments.budget();
        return switch (arguments.of()) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == None.NONE;
            case "string" -> value instanceof String;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "number" -> Arithmetic.isNumber(value);
            case "mapping" -> value instanceof Map;
            case "sequence", "iterable" ->
                value instanceof String || value instanceof List || value instanceof Map || value instanceof Undefined;
            case "callable" -> value instanceof Callable;
            case "odd" -> PythonBuiltins.equal(budget, Arithmetic.apply(budget, "%", value, 2L), 1L);
            case "even" -> PythonBuiltins.equal(budget, Arithmetic.apply(budget, "%", value, 2L), 0L);
            case "divisibleby" ->
                Arithmetic.compare(budget, Arithmetic.apply(budget, "%", value, other(rest)), 0L) == 0;
            case "lower" -> PythonStrings.isLower(budget, PythonBuiltins.text(budget, value));
            case "upper" -> PythonStrings.isUpper(budget, PythonBuiltins.text(budget, value));
            case "equalto", "eq", "==" -> PythonBuiltins.equal(budget, value, other(rest));
            case "ne", "!=" -> !PythonBuiltins.equal(budget, value, other(rest));
            case "lt", "lessthan", "<" -> Arithmetic.compare(budget, value, other(rest)) < 0;
            case "le", "<=" -> Arithmetic.compare(budget, value, other(rest)) <= 0;
            case "gt", "greaterthan", ">" -> Arithmetic.compare(budget, other(rest), value) < 0;
            case "ge", ">=" -> Arithmetic.compare(budget, other(rest), value) <= 0;
            case "in" -> PythonBuiltins.contains(budget, other(rest), value);
            case "sameas" -> same(value, other(rest));
            default -> throw new TemplateException("the test %s is not known".formatted(arguments.of()));
        };
    }

    private static Object other(Arguments arguments) {
        return arguments.require(0, "something to compare with");
    }

    private static boolean same(Object a, Object b) {
        boolean small = a instanceof Boolean || a instanceof None || a instanceof Long;
        return a == b || small && a.getClass() == b.getClass() && a.equals(b);
    }
}
