package org.layerwise.gui.common;

/**
 * Action that the command palette can find.
 *
 * @param name name of the action, such as "Open study…"
 * @param place menu that contains the action, such as "File"
 * @param keys display text of the keyboard shortcut; empty for none
 * @param enabled true if the action is currently enabled
 * @param action runs the action
 */
public record Command(String name, String place, String keys, boolean enabled, Runnable action) {}
