package org.layerwise.data.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Expression between {@code {{} and {@code }}}, which evaluates to a value. */
sealed interface Expression {

    Object eval(Scope scope);

    /** Literal value. */
    record Literal(Object value) implements Expression {
        @Override
        public Object eval(Scope scope) {
            return value;
        }
    }

    record Name(String name) implements Expression {
        @Override
        public Object eval(Scope scope) {
            scope.budget().step();
            return scope.get(name);
        }
    }

    /** List {@code [a, b]} or tuple {@code (a, b)}. */
    record Elements(List<Expression> elements, boolean tuple) implements Expression {
        @Override
        public Object eval(Scope scope) {
            scope.budget().work(elements.size());
            List<Object> values = new ArrayList<>();
            elements.forEach(each -> values.add(each.eval(scope)));
            return tuple ? new Tuple(values) : values;
        }
    }

    /** Dictionary {@code {a: b}}. */
    record Dict(List<Expression> keys, List<Expression> values) implements Expression {
        @Override
        public Object eval(Scope scope) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                scope.budget().work(1);
                map.put(
                        PythonBuiltins.key(keys.get(i).eval(scope)),
                        values.get(i).eval(scope));
            }
            return map;
        }
    }

    record Attribute(Expression of, String name) implements Expression {
        @Override
        public Object eval(Scope scope) {
            scope.budget().step();
            return MemberAccess.attribute(scope.budget(), of.eval(scope), name);
        }
    }

    record Item(Expression of, Expression key) implements Expression {
        @Override
        public Object eval(Scope scope) {
            scope.budget().step();
            return MemberAccess.item(scope.budget(), of.eval(scope), key.eval(scope));
        }
    }

    /** Slice {@code of[from:to:step]}. */
    record Slice(Expression of, @Nullable Expression from, @Nullable Expression to, @Nullable Expression step)
            implements Expression {
        @Override
        public Object eval(Scope scope) {
            scope.budget().work(1);
            return MemberAccess.slice(
                    scope.budget(), of.eval(scope), bound(from, scope), bound(to, scope), bound(step, scope));
        }

        private static @Nullable Long bound(@Nullable Expression bound, Scope scope) {
            Object value = bound == null ? None.NONE : bound.eval(scope);
            return value == None.NONE ? null : (Long) PythonBuiltins.whole(value, "a slice");
        }
    }

    /** Arguments between the parentheses of a call. */
    record Given(List<Expression> positional, Map<String, Expression> named) {
        static final Given NOTHING = new Given(List.of(), Map.of());
    }

    record Call(Expression function, String name, Given given) implements Expression {
        @Override
        public Object eval(Scope scope) {
            scope.budget().step();
            Object called = function.eval(scope);
            Undefined.refuse(called);
            if (called instanceof Callable callable) {
                return callable.call(arguments(name, given, List.of(), scope));
            }
            throw new TemplateException("%s is a %s and no function".formatted(name, PythonBuiltins.kind(called)));
        }
    }

    /** Filter {@code of | name(...)}. */
    record Filtered(Expression of, String name, Given given) implements Expression {
        @Override
        public Object eval(Scope scope) {
            scope.budget().step();
            return JinjaFilters.apply(arguments(name, given, List.of(of), scope));
        }
    }

    /** Test {@code of is name(...)}. */
    record Tested(Expression of, String name, Given given) implements Expression {
        @Override
        public Object eval(Scope scope) {
            scope.budget().step();
            return JinjaTests.test(arguments(name, given, List.of(of), scope));
        }
    }

    record Binary(String operator, Expression left, Expression right) implements Expression {
        @Override
        public Object eval(Scope scope) {
            scope.budget().step();
            return Arithmetic.apply(scope.budget(), operator, left.eval(scope), right.eval(scope));
        }
    }

    record Unary(Expression of, UnaryOperator<Object> operator) implements Expression {
        @Override
        public Object eval(Scope scope) {
            scope.budget().work(1);
            return operator.apply(of.eval(scope));
        }
    }

    /** Concatenation {@code a ~ b}. */
    record Concat(List<Expression> parts) implements Expression {
        @Override
        public Object eval(Scope scope) {
            return Arithmetic.joined(
                    scope.budget(),
                    parts.stream().map(part -> PythonBuiltins.text(scope.budget(), part.eval(scope))),
                    "");
        }
    }

    /** Chain of comparisons {@code a < b <= c}. */
    record Comparison(Expression first, List<String> operators, List<Expression> others) implements Expression {
        @Override
        public Object eval(Scope scope) {
            scope.budget().step();
            Object left = first.eval(scope);
            for (int i = 0; i < operators.size(); i++) {
                scope.budget().work(1);
                Object right = others.get(i).eval(scope);
                if (!holds(scope.budget(), operators.get(i), left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        }

        private static boolean holds(RenderLimits budget, String operator, Object left, Object right) {
            return switch (operator) {
                case "==" -> PythonBuiltins.equal(budget, left, right);
                case "!=" -> !PythonBuiltins.equal(budget, left, right);
                case "in" -> PythonBuiltins.contains(budget, right, left);
                case "not in" -> !PythonBuiltins.contains(budget, right, left);
                case "<" -> Arithmetic.compare(budget, left, right) < 0;
                case "<=" -> Arithmetic.compare(budget, left, right) <= 0;
                case ">" -> Arithmetic.compare(budget, right, left) < 0;
                case ">=" -> Arithmetic.compare(budget, right, left) <= 0;
                default -> throw new IllegalArgumentException(operator);
            };
        }
    }

    /** {@code a and b} or {@code a or b}, whose value is one of the two values, as in Python. */
    record Logical(boolean and, Expression left, Expression right) implements Expression {
        @Override
        public Object eval(Scope scope) {
            scope.budget().work(1);
            Object value = left.eval(scope);
            return PythonBuiltins.truth(value) == and ? right.eval(scope) : value;
        }
    }

    /** Conditional expression {@code a if condition else b}. */
    record Conditional(Expression condition, Expression then, @Nullable Expression otherwise) implements Expression {
        @Override
        public Object eval(Scope scope) {
            scope.budget().work(1);
            if (PythonBuiltins.truth(condition.eval(scope))) {
                return then.eval(scope);
            }
            return otherwise == null
                    ? new Undefined("an inline if without else whose condition is false")
                    : otherwise.eval(scope);
        }
    }

    private static Arguments arguments(String name, Given given, List<Expression> before, Scope scope) {
        scope.budget().work(given.positional.size() + given.named.size());
        List<Object> values = new ArrayList<>();
        before.forEach(each -> values.add(each.eval(scope)));
        given.positional.forEach(each -> values.add(each.eval(scope)));
        Map<String, Object> byName = new LinkedHashMap<>();
        given.named.forEach((key, each) -> byName.put(key, each.eval(scope)));
        return new Arguments(name, values, byName, scope.budget());
    }
}
