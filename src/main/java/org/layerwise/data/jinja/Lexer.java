package org.layerwise.data.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a template into tokens as {@code jinja2.lexer} does with {@code trim_blocks} and {@code lstrip_blocks}, which
 * transformers turns on: a block or comment alone on its line is removed with the whole line, and {@code -} removes all
 * white space next to a tag.
 */
final class Lexer {

    private static final Pattern BEGIN = Pattern.compile("\\{([{%#])([-+]?)");
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*([-]?)%\\}");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");
    private static final Pattern END_COMMENT = Pattern.compile("([-+]?)#\\}");
    private static final Pattern NUMBER =
            Pattern.compile("\\d+(?:_\\d+)*(?:\\.\\d+(?:_\\d+)*)?(?:[eE][+-]?\\d+(?:_\\d+)*)?");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern OPERATOR = Pattern.compile("\\*\\*|//|==|!=|>=|<=|[-+*/%~\\[\\](){}<>=.:|,;]");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private boolean lineStarting = true;
    private int counted;
    private int line = 1;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replaceAll("\\r\\n?", "\n");
        // keep_trailing_newline is off
        Lexer lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        Matcher begin = BEGIN.matcher(source);
        while (position < source.length()) {
            if (!begin.find(position)) {
                addText(source.substring(position));
                position = source.length();
                break;
            }
            String text = source.substring(position, begin.start());
            addText(stripped(text, begin.group(1).equals("{"), begin.group(2)));
            position = begin.start();
            switch (begin.group(1)) {
                case "#" -> comment(begin.end());
                case "{" -> tag(begin.end(), Token.Kind.PRINT_BEGIN, Token.Kind.PRINT_END, "}}");
                default -> {
                    Matcher raw = RAW.matcher(source);
                    if (raw.region(position, source.length()).lookingAt()) {
                        raw(raw);
                    } else {
                        tag(begin.end(), Token.Kind.BLOCK_BEGIN, Token.Kind.BLOCK_END, "%}");
                    }
                }
            }
        }
        add(Token.Kind.END, "", source.length());
    }

    private String stripped(String text, boolean print, String sign) {
        if (sign.equals("-")) {
            return PythonStrings.strip(text, null, false, true);
        }
        if (!sign.equals("+") && !print) {
            int line = text.lastIndexOf('\n') + 1;
            if ((line > 0 || lineStarting) && text.substring(line).chars().allMatch(PythonStrings::isSpace)) {
                return text.substring(0, line);
            }
        }
        return text;
    }

    private void comment(int from) {
        Matcher end = END_COMMENT.matcher(source);
        if (!end.find(from)) {
            throw problem("a comment does not end", position);
        }
        position = end.end();
        afterBlock(end.group(1));
    }

    private void raw(Matcher begin) {
        int from = begin.end();
        if (begin.group(1).equals("-")) {
            from = PythonStrings.place(source, from, true);
        }
        Matcher end = END_RAW.matcher(source);
        if (!end.find(from)) {
            throw problem("a raw block does not end", position);
        }
        lineStarting = source.charAt(from - 1) == '\n';
        addText(stripped(source.substring(from, end.start()), false, end.group(1)));
        position = end.end();
        afterBlock(end.group(2));
    }

    /** Skips white space after the end of a block or comment, depending on its sign. */
    private void afterBlock(String sign) {
        lineStarting = false;
        if (sign.equals("-")) {
            skipSpace();
        } else if (!sign.equals("+") && source.startsWith("\n", position)) {
            position++;
            lineStarting = true;
        }
    }

    private void skipSpace() {
        int from = position;
        position = PythonStrings.place(source, position, true);
        lineStarting = position > from && source.charAt(position - 1) == '\n';
    }

    private void tag(int from, Token.Kind begin, Token.Kind end, String closing) {
        add(begin, "", position);
        position = from;
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            position = PythonStrings.place(source, position, true);
            if (position >= source.length()) {
                throw problem("a tag does not end with " + closing, from);
            }
            if (open.isEmpty() && closes(end, closing)) {
                return;
            }
            next(open);
        }
    }

    private boolean closes(Token.Kind end, String closing) {
        char first = source.charAt(position);
        boolean block = end == Token.Kind.BLOCK_END;
        boolean sign = (first == '-' || first == '+' && block) && source.startsWith(closing, position + 1);
        if (!sign && !source.startsWith(closing, position)) {
            return false;
        }
        add(end, "", position);
        position += closing.length() + (sign ? 1 : 0);
        if (block) {
            afterBlock(sign ? String.valueOf(first) : "");
        } else {
            lineStarting = false;
            if (sign) {
                skipSpace();
            }
        }
        return true;
    }

    private void next(Deque<Character> open) {
        char first = source.charAt(position);
        if (first == '\'' || first == '"') {
            string(first);
        } else if (!match(NUMBER, Token.Kind.INTEGER) && !match(NAME, Token.Kind.NAME)) {
            if ("([{".indexOf(first) >= 0) {
                open.push(first);
            } else if (")]}".indexOf(first) >= 0) {
                if (open.isEmpty() || open.pop() != "([{".charAt(")]}".indexOf(first))) {
                    throw problem("unexpected '%s'".formatted(first), position);
                }
            }
            if (!match(OPERATOR, Token.Kind.OPERATOR)) {
                throw problem("unexpected '%s'".formatted(first), position);
            }
        }
    }

    private boolean match(Pattern pattern, Token.Kind kind) {
        Matcher matcher = pattern.matcher(source).region(position, source.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        String text = matcher.group();
        boolean number = kind == Token.Kind.INTEGER;
        boolean whole = text.chars().allMatch(c -> c == '_' || Character.isDigit(c));
        add(number && !whole ? Token.Kind.FLOAT : kind, number ? text.replace("_", "") : text, position);
        position = matcher.end();
        return true;
    }

    private void string(char quote) {
        int start = position;
        StringBuilder text = new StringBuilder();
        position++;
        while (position < source.length() && source.charAt(position) != quote) {
            char c = source.charAt(position++);
            if (c == '\\' && position < source.length()) {
                escape(text);
            } else {
                text.append(c);
            }
        }
        if (position >= source.length()) {
            throw problem("a string does not end", start);
        }
        position++;
        add(Token.Kind.STRING, text.toString(), start);
    }

    private void escape(StringBuilder text) {
        char c = source.charAt(position++);
        switch (c) {
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'v' -> text.append('\u000B');
            case 'a' -> text.append('\u0007');
            case '0' -> text.append('\0');
            case '\\', '\'', '"' -> text.append(c);
            case '\n' -> {
                // a backslash at the end of a line continues the line
            }
            case 'x' -> code(text, 2);
            case 'u' -> code(text, 4);
            case 'U' -> code(text, 8);
            default -> text.append('\\').append(c);
        }
    }

    private void code(StringBuilder text, int digits) {
        int end = position + digits;
        if (end > source.length() || !source.substring(position, end).matches("[0-9a-fA-F]+")) {
            throw problem("a string has a broken escape", position);
        }
        int code = Integer.parseUnsignedInt(source.substring(position, end), 16);
        if (!Character.isValidCodePoint(code)) {
            throw problem("a string has a broken escape", position);
        }
        text.appendCodePoint(code);
        position = end;
    }

    private void addText(String text) {
        if (!text.isEmpty()) {
            add(Token.Kind.TEXT, text, position);
        }
    }

    private void add(Token.Kind kind, String text, int at) {
        tokens.add(new Token(kind, text, line(at)));
    }

    private int line(int at) {
        if (at < counted) {
            counted = 0;
            line = 1;
        }
        for (; counted < at; counted++) {
            line += source.charAt(counted) == '\n' ? 1 : 0;
        }
        return line;
    }

    private TemplateException problem(String what, int at) {
        return new TemplateException("line %s: %s".formatted(line(at), what));
    }
}
