package org.layerwise.gui.palette;

/**
 * An action that can be searched for.
 *
 * @param name what it does: "Open study…"
 * @param place the menu that it is in: "File"
 * @param keys its shortcut for people; empty for none
 * @param enabled whether it can be done now
 */
public record Command(String name, String place, String keys, boolean enabled, Runnable action) {}
