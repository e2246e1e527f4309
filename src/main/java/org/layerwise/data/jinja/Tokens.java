package org.layerwise.data.jinja;

import java.util.List;

/** Tokens of a template, read one after the other. */
final class Tokens {

    private final List<Token> tokens;
    private int position;

    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return peek(0);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(position + ahead, tokens.size() - 1));
    }

    Token next() {
        Token token = peek();
        position = Math.min(position + 1, tokens.size() - 1);
        return token;
    }

    boolean at(String operator) {
        return peek().is(operator);
    }

    /** Skips an operator if it is the next token, and returns true if it was. */
    boolean skip(String operator) {
        boolean here = at(operator);
        if (here) {
            next();
        }
        return here;
    }

    boolean skipName(String name) {
        boolean here = peek().named(name);
        if (here) {
            next();
        }
        return here;
    }

    void expect(String operator) {
        if (!skip(operator)) {
            throw problem("'%s' is expected".formatted(operator));
        }
    }

    void expect(Token.Kind kind) {
        if (peek().kind() != kind) {
            throw problem("unexpected '%s'".formatted(peek().text()));
        }
        next();
    }

    /** Parses elements with commas between them, up to an operator, which is skipped. */
    void separated(String end, Runnable element) {
        while (!skip(end)) {
            element.run();
            if (!at(end)) {
                expect(",");
            }
        }
    }

    String name() {
        if (peek().kind() != Token.Kind.NAME) {
            throw problem("a name is expected");
        }
        return next().text();
    }

    TemplateException problem(String what) {
        return new TemplateException("line %s: %s".formatted(peek().line(), what));
    }
}
