package org.layerwise.data.jinja;

/**
 * Token of a template.
 *
 * @param kind kind of the token
 * @param text the text, the name, the operator, the digits, or the value of a string literal
 * @param line line of its first character, from 1
 */
record Token(Kind kind, String text, int line) {

    enum Kind {
        /** Text between tags. */
        TEXT,
        PRINT_BEGIN,
        PRINT_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean named(String name) {
        return kind == Kind.NAME && text.equals(name);
    }
}
