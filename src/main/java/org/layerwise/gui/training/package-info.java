/** Training pane: settings, live curves and runs. */
@NullMarked
package org.layerwise.gui.training;

import org.jspecify.annotations.NullMarked;
