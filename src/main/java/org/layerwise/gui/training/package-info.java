/** The training pane: settings, live curves, runs. */
@NullMarked
package org.layerwise.gui.training;

import org.jspecify.annotations.NullMarked;
