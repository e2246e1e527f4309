/** User guide in a window: pages, links, search and display. */
@NullMarked
package org.layerwise.gui.help;

import org.jspecify.annotations.NullMarked;
