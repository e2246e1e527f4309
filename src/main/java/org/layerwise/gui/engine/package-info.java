/** Interface between the window and the computations, small enough to test view models without an engine. */
@NullMarked
package org.layerwise.gui.engine;

import org.jspecify.annotations.NullMarked;
