package org.layerwise.data.token;

/**
 * Span of a text, in {@code char}s.
 *
 * @param start index of the first {@code char}
 * @param end index after the last {@code char}
 */
public record TextSpan(int start, int end) {

    public TextSpan {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("no part of a text: " + start + " to " + end);
        }
    }

    /** Returns the span counted in code points of the text, as tokenizers count. */
    TextSpan inCodePoints(String text) {
        int first = text.codePointCount(0, start);
        return new TextSpan(first, first + text.codePointCount(start, end));
    }

    /** Returns true if at least one character between {@code from} and {@code to} (excluded) is in this span. */
    boolean touches(int from, int to) {
        return from < end && to > start;
    }
}
