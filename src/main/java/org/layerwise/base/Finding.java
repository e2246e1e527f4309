package org.layerwise.base;

import java.util.Optional;

/**
 * One thing that was looked at.
 *
 * @param name what: "NVIDIA driver"
 * @param text what was found, without a full stop where it is no sentence
 * @param hint what to do, empty where nothing is to be done
 */
public record Finding(State state, String name, String text, String hint) {

    /** How it is. */
    public enum State {
        OK,
        /** Worth knowing; all works without it. */
        NOTE,
        /** Something will not work. */
        WRONG
    }

    public static Finding ok(String name, String text) {
        return new Finding(State.OK, name, text, "");
    }

    public static Finding note(String name, String text, String hint) {
        return new Finding(State.NOTE, name, text, hint);
    }

    public static Finding wrong(String name, String text, String hint) {
        return new Finding(State.WRONG, name, text, hint);
    }

    /** The hint, if there is one. */
    public Optional<String> advice() {
        return Optional.of(hint).filter(words -> !words.isEmpty());
    }
}
