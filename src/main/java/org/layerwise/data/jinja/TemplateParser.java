package org.layerwise.data.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parser of Jinja's blocks, as far as chat templates use them. */
final class TemplateParser {

    private static final int DEEPEST = 100;

    private final Tokens tokens;
    private final ExpressionParser expressions;
    private int depth;
    private int loops;

    private TemplateParser(Tokens tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    static Statement.Body parse(String template) {
        TemplateParser parser = new TemplateParser(new Tokens(Lexer.tokens(template)));
        Statement.Body body = parser.body(Set.of());
        if (parser.tokens.peek().kind() != Token.Kind.END) {
            throw parser.tokens.problem(
                    "unexpected '%s'".formatted(parser.tokens.peek(1).text()));
        }
        return body;
    }

    /** Parses everything up to a block with one of the given names, which is then the next token. */
    private Statement.Body body(Set<String> ends) {
        if (++depth > DEEPEST) {
            throw tokens.problem("blocks are nested too deeply");
        }
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.peek();
            switch (token.kind()) {
                case TEXT -> statements.add(new Statement.Text(tokens.next().text()));
                case PRINT_BEGIN -> {
                    tokens.next();
                    statements.add(new Statement.Print(expressions.tuple()));
                    tokens.expect(Token.Kind.PRINT_END);
                }
                case BLOCK_BEGIN -> {
                    String name = tokens.peek(1).text();
                    if (ends.contains(name)) {
                        depth--;
                        return new Statement.Body(statements);
                    }
                    tokens.next();
                    statements.add(block());
                }
                case END -> {
                    if (!ends.isEmpty()) {
                        throw tokens.problem("a block is not closed; one of %s is expected".formatted(ends));
                    }
                    depth--;
                    return new Statement.Body(statements);
                }
                default -> throw tokens.problem("unexpected '%s'".formatted(token.text()));
            }
        }
    }

    private Statement block() {
        String name = tokens.name();
        return switch (name) {
            case "if" -> ifBlock();
            case "for" -> forBlock();
            case "set" -> set();
            case "macro" -> macro();
            case "with" -> with();
            case "filter" -> filter();
            case "generation" -> closed("endgeneration"); // marks text for training; only its body is written
            case "break", "continue" -> {
                if (loops == 0) {
                    throw tokens.problem("%s stands outside of a loop".formatted(name));
                }
                endOfBlock();
                yield new Statement.Jump(name.equals("break") ? Statement.Flow.BREAK : Statement.Flow.CONTINUE);
            }
            case "elif", "else", "endif", "endfor", "endset", "endmacro", "endwith", "endfilter", "endgeneration" ->
                throw tokens.problem("unexpected '%s'".formatted(name));
            default -> throw tokens.problem("the block %s is not known".formatted(name));
        };
    }

    private Statement ifBlock() {
        List<Expression> conditions = new ArrayList<>();
        List<Statement.Body> bodies = new ArrayList<>();
        String end = "elif";
        while (end.equals("elif")) {
            conditions.add(expressions.tuple());
            endOfBlock();
            bodies.add(body(Set.of("elif", "else", "endif")));
            tokens.next();
            end = tokens.name();
        }
        return new Statement.If(conditions, bodies, otherwise(end, "endif"));
    }

    private Statement forBlock() {
        boolean single =
                tokens.peek().kind() == Token.Kind.NAME && tokens.peek(1).named("in");
        List<String> targets = expressions.targets();
        if (!tokens.skipName("in")) {
            throw tokens.problem("'in' is expected");
        }
        Expression over = expressions.withoutCondition();
        Expression only = expressions.conditionAfter("if");
        if (tokens.peek().named("recursive")) {
            throw tokens.problem("recursive loops are not known");
        }
        endOfBlock();
        loops++;
        Statement.Body body = body(Set.of("else", "endfor"));
        loops--;
        tokens.next();
        return new Statement.For(targets, !single, over, only, body, otherwise(tokens.name(), "endfor"));
    }

    private Statement set() {
        if (tokens.peek(1).is(".")) {
            String namespace = tokens.name();
            tokens.next();
            String name = tokens.name();
            tokens.expect("=");
            Expression value = expressions.tuple();
            endOfBlock();
            return new Statement.SetOfNamespace(namespace, name, value);
        }
        boolean single = !tokens.at("(") && !tokens.peek(1).is(",");
        List<String> targets = expressions.targets();
        if (tokens.skip("=")) {
            Expression value = expressions.tuple();
            endOfBlock();
            return new Statement.Set(targets, !single, value);
        }
        if (!single || tokens.at("|")) {
            throw tokens.problem("a set block of this kind is not known");
        }
        return new Statement.SetBlock(targets.get(0), bodyOfItsOwn("endset"));
    }

    private Statement macro() {
        String name = tokens.name();
        tokens.expect("(");
        List<String> parameters = new ArrayList<>();
        Map<String, Expression> defaults = new LinkedHashMap<>();
        tokens.separated(")", () -> {
            String parameter = tokens.name();
            parameters.add(parameter);
            if (tokens.skip("=")) {
                defaults.put(parameter, expressions.expression());
            }
        });
        return new Statement.Macro(name, parameters, defaults, bodyOfItsOwn("endmacro"));
    }

    private Statement with() {
        List<String> names = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.peek().kind() != Token.Kind.BLOCK_END) {
            names.add(tokens.name());
            tokens.expect("=");
            values.add(expressions.expression());
            if (tokens.peek().kind() != Token.Kind.BLOCK_END) {
                tokens.expect(",");
            }
        }
        return new Statement.With(names, values, closed("endwith"));
    }

    private Statement filter() {
        String name = tokens.name();
        Expression.Given given = tokens.at("(") ? expressions.arguments() : Expression.Given.NOTHING;
        return new Statement.FilterBlock(name, given, bodyOfItsOwn("endfilter"));
    }

    /** Parses what follows the body of an if or for: the body of its else, or nothing. */
    private Statement.@Nullable Body otherwise(String block, String end) {
        if (block.equals("else")) {
            return closed(end);
        }
        endOfBlock();
        return null;
    }

    /** Parses a body whose text is captured, so that no loop outside can be left from inside the body. */
    private Statement.Body bodyOfItsOwn(String end) {
        int around = loops;
        loops = 0;
        Statement.Body body = closed(end);
        loops = around;
        return body;
    }

    /** Parses a body from the end of the block before it to the end of the block after it. */
    private Statement.Body closed(String end) {
        endOfBlock();
        Statement.Body body = body(Set.of(end));
        tokens.next();
        tokens.next();
        endOfBlock();
        return body;
    }

    private void endOfBlock() {
        tokens.expect(Token.Kind.BLOCK_END);
    }
}
