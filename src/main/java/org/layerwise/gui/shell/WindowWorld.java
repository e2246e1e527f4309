package org.layerwise.gui.shell;

import org.layerwise.gui.engine.Engine;
import org.layerwise.gui.tasks.WorkLanes;

/**
 * What all windows share.
 *
 * @param engine what works
 * @param lanes the threads it works on
 */
record WindowWorld(
        Engine engine,
        WorkLanes lanes,
        WindowSettings settings,
        Places places,
        Appearance appearance,
        Windows windows) {}
