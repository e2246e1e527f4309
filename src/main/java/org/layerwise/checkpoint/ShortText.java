package org.layerwise.checkpoint;

/** Shortens names and texts of a broken file, which can be as long as the file, for messages. */
final class ShortText {

    private static final int LONGEST = 200;

    private ShortText() {}

    static String of(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
