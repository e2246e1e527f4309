package org.layerwise.data.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parser of Jinja's expressions, with the precedence of {@code jinja2.parser}. */
final class ExpressionParser {

    private static final int DEEPEST = 200;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    // names that Jinja gives a macro in addition to its parameters
    private static final Set<String> UNKNOWN_NAMES = Set.of("caller", "varargs", "kwargs", "self", "super");

    private final Tokens tokens;
    private int depth;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** Parses an expression, which may be an inline {@code if}. */
    Expression expression() {
        return conditional(true);
    }

    /**
     * Parses an expression without an inline {@code if}, such as the list of a {@code for}, whose {@code if} selects
     * elements.
     */
    Expression withoutCondition() {
        return tupleOr(false);
    }

    /** Parses an expression, or a tuple of several expressions with commas between them. */
    Expression tuple() {
        return tupleOr(true);
    }

    private Expression tupleOr(boolean conditional) {
        Expression first = conditional(conditional);
        if (!tokens.at(",")) {
            return first;
        }
        List<Expression> elements = new ArrayList<>(List.of(first));
        while (tokens.skip(",")) {
            if (endsTuple()) {
                break;
            }
            elements.add(conditional(conditional));
        }
        return new Expression.Elements(elements, true);
    }

    private boolean endsTuple() {
        Token token = tokens.peek();
        return token.is(")")
                || token.is("]")
                || token.kind() == Token.Kind.BLOCK_END
                || token.kind() == Token.Kind.PRINT_END
                || token.named("in");
    }

    private Expression conditional(boolean allowed) {
        if (++depth > DEEPEST) {
            throw tokens.problem("an expression is nested too deeply");
        }
        Expression value = or();
        while (allowed && tokens.skipName("if")) {
            Expression condition = or();
            Expression otherwise = tokens.skipName("else") ? conditional(true) : null;
            value = new Expression.Conditional(condition, value, otherwise);
        }
        depth--;
        return value;
    }

    private Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Logical(false, left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.Logical(true, left, not());
        }
        return left;
    }

    private Expression not() {
        int times = 0;
        while (tokens.skipName("not")) {
            times++;
        }
        Expression value = comparison();
        for (int i = 0; i < times; i++) {
            value = not(value);
        }
        return value;
    }

    private static Expression not(Expression value) {
        return new Expression.Unary(value, each -> !PythonBuiltins.truth(each));
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        while (true) {
            Token token = tokens.peek();
            if (token.kind() == Token.Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                operators.add(tokens.next().text());
            } else if (tokens.skipName("in")) {
                operators.add("in");
            } else if (token.named("not") && tokens.peek(1).named("in")) {
                tokens.next();
                tokens.next();
                operators.add("not in");
            } else {
                break;
            }
            others.add(sum());
        }
        return operators.isEmpty() ? first : new Expression.Comparison(first, operators, others);
    }

    private Expression sum() {
        Expression left = concat();
        while (tokens.at("+") || tokens.at("-")) {
            left = new Expression.Binary(tokens.next().text(), left, concat());
        }
        return left;
    }

    private Expression concat() {
        List<Expression> parts = new ArrayList<>(List.of(product()));
        while (tokens.skip("~")) {
            parts.add(product());
        }
        return parts.size() == 1 ? parts.get(0) : new Expression.Concat(parts);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.at("*") || tokens.at("/") || tokens.at("//") || tokens.at("%")) {
            left = new Expression.Binary(tokens.next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.skip("**")) {
            left = new Expression.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean filtered) {
        if (++depth > DEEPEST) {
            throw tokens.problem("an expression is nested too deeply");
        }
        Expression value;
        if (tokens.skip("-")) {
            value = new Expression.Unary(unary(false), Arithmetic::negative);
        } else if (tokens.skip("+")) {
            value = new Expression.Binary("+", new Expression.Literal(0L), unary(false));
        } else {
            value = primary();
        }
        value = postfix(value);
        depth--;
        return filtered ? filters(value) : value;
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token);
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.peek().kind() == Token.Kind.STRING) {
                    text.append(tokens.next().text());
                }
                yield new Expression.Literal(text.toString());
            }
            case INTEGER -> {
                if (token.text().length() > 18) {
                    throw tokens.problem("the number %s is too large".formatted(token.text()));
                }
                yield new Expression.Literal(Long.parseLong(token.text()));
            }
            case FLOAT -> new Expression.Literal(Double.parseDouble(token.text()));
            case OPERATOR -> group(token);
            default -> throw tokens.problem("an expression is expected");
        };
    }

    private Expression name(Token token) {
        if (UNKNOWN_NAMES.contains(token.text())) {
            throw tokens.problem("'%s' is not known".formatted(token.text()));
        }
        return switch (token.text()) {
            case "true", "True" -> new Expression.Literal(true);
            case "false", "False" -> new Expression.Literal(false);
            case "none", "None" -> new Expression.Literal(None.NONE);
            default -> new Expression.Name(token.text());
        };
    }

    private Expression group(Token open) {
        switch (open.text()) {
            case "(" -> {
                if (tokens.skip(")")) {
                    return new Expression.Elements(List.of(), true);
                }
                Expression inner = tuple();
                tokens.expect(")");
                return inner;
            }
            case "[" -> {
                List<Expression> elements = new ArrayList<>();
                tokens.separated("]", () -> elements.add(expression()));
                return new Expression.Elements(elements, false);
            }
            case "{" -> {
                List<Expression> keys = new ArrayList<>();
                List<Expression> values = new ArrayList<>();
                tokens.separated("}", () -> {
                    keys.add(expression());
                    tokens.expect(":");
                    values.add(expression());
                });
                return new Expression.Dict(keys, values);
            }
            default -> throw tokens.problem("unexpected '%s'".formatted(open.text()));
        }
    }

    private Expression postfix(Expression value) {
        Expression result = value;
        while (true) {
            if (tokens.skip(".")) {
                Token name = tokens.next();
                if (name.kind() == Token.Kind.INTEGER) {
                    result = new Expression.Item(result, new Expression.Literal(Long.parseLong(name.text())));
                } else if (name.kind() == Token.Kind.NAME) {
                    result = new Expression.Attribute(result, name.text());
                } else {
                    throw tokens.problem("a name is expected after a dot");
                }
            } else if (tokens.skip("[")) {
                result = subscript(result);
            } else if (tokens.at("(")) {
                result = call(result);
            } else {
                return result;
            }
        }
    }

    private Expression subscript(Expression of) {
        Expression first = tokens.at(":") ? null : expression();
        if (!tokens.skip(":")) {
            if (first == null || tokens.at(",")) {
                throw tokens.problem("an index of one value is expected");
            }
            tokens.expect("]");
            return new Expression.Item(of, first);
        }
        Expression to = tokens.at(":") || tokens.at("]") ? null : expression();
        Expression step = tokens.skip(":") && !tokens.at("]") ? expression() : null;
        tokens.expect("]");
        return new Expression.Slice(of, first, to, step);
    }

    private Expression call(Expression function) {
        Expression.Given given = arguments();
        String name = function instanceof Expression.Name plain
                ? plain.name()
                : function instanceof Expression.Attribute attribute ? attribute.name() : "the function";
        return new Expression.Call(function, name, given);
    }

    Expression.Given arguments() {
        tokens.expect("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        tokens.separated(")", () -> {
            if (tokens.at("*") || tokens.at("**")) {
                throw tokens.problem("arguments with * are not known");
            }
            if (tokens.peek().kind() == Token.Kind.NAME && tokens.peek(1).is("=")) {
                String name = tokens.next().text();
                tokens.next();
                named.put(name, expression());
            } else if (named.isEmpty()) {
                positional.add(expression());
            } else {
                throw tokens.problem("an argument without a name follows one with a name");
            }
        });
        return new Expression.Given(positional, named);
    }

    private Expression filters(Expression value) {
        Expression result = value;
        while (true) {
            if (tokens.skip("|")) {
                result = filter(result);
            } else if (tokens.skipName("is")) {
                result = test(result);
            } else if (tokens.at("(")) {
                result = call(result);
            } else {
                return result;
            }
        }
    }

    /** Parses a filter after its {@code |}. */
    private Expression filter(Expression of) {
        String name = tokens.name();
        Expression.Given given = tokens.at("(") ? arguments() : Expression.Given.NOTHING;
        return new Expression.Filtered(of, name, given);
    }

    private Expression test(Expression of) {
        boolean negated = tokens.skipName("not");
        String name = tokens.name();
        Expression.Given given = Expression.Given.NOTHING;
        if (tokens.at("(")) {
            given = arguments();
        } else if (takesArgument()) {
            if (tokens.peek().named("is")) {
                throw tokens.problem("one test follows another");
            }
            given = new Expression.Given(List.of(postfix(primary())), Map.of());
        }
        Expression test = new Expression.Tested(of, name, given);
        return negated ? not(test) : test;
    }

    private boolean takesArgument() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            // Jinja would treat an "if" as an argument and fail
            case NAME -> !Set.of("else", "or", "and", "if").contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.is("[") || token.is("{");
            default -> false;
        };
    }

    /** Parses names with commas between them, as on the left of a {@code for} or {@code set}. */
    List<String> targets() {
        List<String> names = new ArrayList<>();
        boolean parentheses = tokens.skip("(");
        names.add(target());
        while (tokens.skip(",")) {
            names.add(target());
        }
        if (parentheses) {
            tokens.expect(")");
        }
        return names;
    }

    private String target() {
        String name = tokens.name();
        if (Set.of("true", "false", "none", "True", "False", "None", "loop").contains(name)) {
            throw tokens.problem("'%s' cannot be set".formatted(name));
        }
        return name;
    }

    @Nullable
    Expression conditionAfter(String keyword) {
        return tokens.skipName(keyword) ? expression() : null;
    }
}
