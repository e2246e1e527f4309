package org.layerwise.model;

import java.util.regex.Pattern;

/**
 * Upper bound of the steps that Java takes in a row without reading a character when it matches a regular expression:
 * repeats of nothing, such as {@code (?:^){2000000000}}, and choices between nothing and nothing, such as
 * {@code (|)(|)(|)}, each of which doubles the steps. The text need not be a correct expression.
 */
final class ZeroWidthSteps {

    private static final Pattern GROUP = Pattern.compile("\\?(?:<?[=!]|<\\w*>|[:>]|([\\w-]*)[:)]?)");
    private static final Pattern REPEAT = Pattern.compile("[*+?]|\\{(\\d+)(?:,\\d*)?\\}");

    private static final Pattern REFERENCE_NAME = Pattern.compile("\\d+|k(?:<\\w*>)?");

    private static final Steps NOTHING = new Steps(1, 0, 0, 0);
    private static final Steps PLACE = new Steps(1, 1, 0, 0);
    private static final Steps CHARACTER = new Steps(0, 1, 1, 1);
    private static final Steps REFERENCE = new Steps(1, 1, 1, 1);
    private static final Steps REFUSED = new Steps(1, Double.POSITIVE_INFINITY, 0, 0);

    private final String text;
    private final int deepest;
    private int at;
    private int depth;

    /**
     * Steps and ways of a part of an expression.
     *
     * @param through ways from its beginning to its end that read nothing
     * @param head steps from its beginning that read nothing
     * @param tail most ways to its end after a reading in it that read nothing
     * @param inner most steps after a reading in it that read nothing
     */
    private record Steps(double through, double head, double tail, double inner) {

        Steps then(Steps next) {
            return new Steps(
                    through * next.through,
                    head + through * next.head,
                    Math.max(next.tail, tail * next.through),
                    Math.max(next.inner, inner + tail * next.head));
        }

        Steps or(Steps other) {
            return new Steps(
                    through + other.through,
                    head + other.head + 1,
                    Math.max(tail, other.tail),
                    Math.max(inner, other.inner));
        }

        /** Adds a repetition: Java ends one early that reads nothing, but only after the least number of times. */
        Steps repeated(double least) {
            double all = 1 + head * (through > 0 ? Math.max(1, least) : 1);
            return new Steps(through + 1, all, tail * (through + 1), inner + tail * all);
        }

        /** Adds a look ahead or behind, after which the match goes on where it was. */
        Steps looked() {
            return new Steps(1, head + 1, 1, inner);
        }
    }

    private ZeroWidthSteps(String text, int deepest) {
        this.text = text;
        this.deepest = deepest;
    }

    /**
     * Returns the bound for a Java expression; not a number or infinite where there is none: for one with comments
     * ({@code (?x)}), or whose groups nest deeper than {@code deepest}.
     */
    static double of(String java, int deepest) {
        ZeroWidthSteps parser = new ZeroWidthSteps(java, deepest);
        Steps all = NOTHING;
        while (parser.at < java.length()) {
            all = all.then(parser.choice());
            parser.at++; // a bracket that closes nothing
        }
        return Math.max(all.head, all.inner);
    }

    private Steps choice() {
        Steps all = sequence();
        while (sees('|')) {
            at++;
            all = all.or(sequence());
        }
        return all;
    }

    private Steps sequence() {
        Steps all = NOTHING;
        while (at < text.length() && !sees('|') && !sees(')')) {
            Steps part = part();
            var repeat = REPEAT.matcher(text).region(at, text.length());
            while (repeat.lookingAt()) {
                part = part.repeated(repeat.group(1) == null ? 1 : Double.parseDouble(repeat.group(1)));
                at = repeat.end();
                repeat.region(at, text.length());
            }
            all = all.then(part);
        }
        return all;
    }

    private Steps part() {
        char first = text.charAt(at++);
        return switch (first) {
            case '(' -> group();
            case '^', '$' -> PLACE;
            case '\\' -> escaped();
            case '[' -> {
                skipClass();
                yield CHARACTER;
            }
            default -> CHARACTER;
        };
    }

    private Steps group() {
        var sign = GROUP.matcher(text).region(at, text.length());
        boolean looks = false;
        if (sign.lookingAt()) {
            at = sign.end();
            looks = sign.group().endsWith("=") || sign.group().endsWith("!");
            if (sign.group(1) != null && sign.group(1).contains("x")) {
                return REFUSED;
            }
            if (sign.group().endsWith(")")) {
                return NOTHING; // flags alone
            }
        }
        if (depth == deepest) {
            return REFUSED;
        }
        depth++;
        Steps inside = choice();
        depth--;
        at += sees(')') ? 1 : 0;
        return looks ? inside.looked() : PLACE.then(inside);
    }

    private Steps escaped() {
        if (at >= text.length()) {
            return NOTHING;
        }
        char second = text.charAt(at++);
        if (second == 'Q') {
            int end = text.indexOf("\\E", at);
            at = end < 0 ? text.length() : end + 2;
            return CHARACTER;
        }
        var reference = REFERENCE_NAME.matcher(text).region(at - 1, text.length());
        if (reference.lookingAt()) {
            at = reference.end();
            return REFERENCE;
        }
        return "AzZGbB".indexOf(second) >= 0 ? PLACE : CHARACTER;
    }

    /** Skips the rest of a class; a bracket that closes it is a character where the class has none yet. */
    private void skipClass() {
        int depth = 1;
        boolean begins = true;
        while (at < text.length() && depth > 0) {
            char next = text.charAt(at++);
            if (next == '\\') {
                escaped();
            } else if (next == '[') {
                depth++;
            } else if (next == ']' && !begins) {
                depth--;
            }
            begins = next == '[' || begins && next == '^';
        }
    }

    private boolean sees(char sign) {
        return at < text.length() && text.charAt(at) == sign;
    }
}
