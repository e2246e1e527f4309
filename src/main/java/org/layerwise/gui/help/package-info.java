/** User guide in a window: pages, links, search, display, and the first steps of new users. */
@NullMarked
package org.layerwise.gui.help;

import org.jspecify.annotations.NullMarked;
