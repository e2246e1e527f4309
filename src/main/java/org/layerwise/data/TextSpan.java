package org.layerwise.data;

/**
 * A part of a text, in {@code char}s.
 *
 * @param start of its first
 * @param end behind its last
 */
public record TextSpan(int start, int end) {

    public TextSpan {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("no part of a text: " + start + " to " + end);
        }
    }

    /** The same part counted in code points of the text, as tokenizers do. */
    TextSpan inCodePoints(String text) {
        int first = text.codePointCount(0, start);
        return new TextSpan(first, first + text.codePointCount(start, end));
    }

    /** Whether something lies in this part, at least with one of its characters. */
    boolean touches(int from, int to) {
        return from < end && to > start;
    }
}
