package org.layerwise.gui.shell;

import java.net.URI;
import java.util.function.Consumer;
import org.layerwise.gui.engine.Engine;
import org.layerwise.gui.tasks.WorkLanes;

/**
 * What all windows share.
 *
 * @param engine what works
 * @param lanes the threads it works on
 * @param web opens an address in the browser
 */
record WindowWorld(
        Engine engine,
        WorkLanes lanes,
        WindowSettings settings,
        Places places,
        Appearance appearance,
        Windows windows,
        Consumer<URI> web) {}
