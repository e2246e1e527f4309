/** The user guide in a window: its pages as values, links and search over them, and what shows them. */
@NullMarked
package org.layerwise.gui.help;

import org.jspecify.annotations.NullMarked;
