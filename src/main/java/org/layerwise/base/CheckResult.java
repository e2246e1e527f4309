package org.layerwise.base;

import java.util.Optional;

/**
 * Result of one check.
 *
 * @param state severity of the result
 * @param name object of the check, such as {@code NVIDIA driver}
 * @param text result, without a full stop if it is not a sentence
 * @param hint advice, empty if there is nothing to do
 */
public record CheckResult(State state, String name, String text, String hint) {

    /** Severity of a result. */
    public enum State {
        OK,
        /** Noteworthy, but everything works. */
        NOTE,
        /** Problem that will make something fail. */
        WRONG
    }

    public static CheckResult ok(String name, String text) {
        return new CheckResult(State.OK, name, text, "");
    }

    public static CheckResult note(String name, String text, String hint) {
        return new CheckResult(State.NOTE, name, text, hint);
    }

    public static CheckResult wrong(String name, String text, String hint) {
        return new CheckResult(State.WRONG, name, text, hint);
    }

    /** Returns the hint, if there is one. */
    public Optional<String> advice() {
        return Optional.of(hint).filter(words -> !words.isEmpty());
    }
}
