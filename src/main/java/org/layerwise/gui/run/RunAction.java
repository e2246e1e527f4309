package org.layerwise.gui.run;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.layerwise.gui.session.RunEntry;

/**
 * An action on a run, offered by the menu bar and below the run.
 *
 * @param key name of its texts: {@code run.action.KEY} on its button, {@code run.action.KEY.tip} as explanation, {@code menu.run-KEY} in the
 *     menu
 * @param possible returns true if the run is in a state in which the action can begin
 * @param begin begins the action
 */
public record RunAction(String key, Predicate<RunEntry> possible, Consumer<RunEntry> begin) {}
