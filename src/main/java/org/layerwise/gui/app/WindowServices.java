package org.layerwise.gui.app;

import java.net.URI;
import java.util.function.Consumer;
import org.layerwise.gui.engine.Engine;
import org.layerwise.gui.tasks.WorkLanes;

/**
 * Objects that all windows share.
 *
 * @param engine performs analyses and training
 * @param lanes threads on which the engine works
 * @param web opens an address in the browser
 */
record WindowServices(
        Engine engine,
        WorkLanes lanes,
        WindowSettings settings,
        DefaultFolders places,
        Appearance appearance,
        Windows windows,
        Consumer<URI> web) {}
