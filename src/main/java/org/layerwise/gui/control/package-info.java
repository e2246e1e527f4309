/** Small nodes that several panes use. */
@NullMarked
package org.layerwise.gui.control;

import org.jspecify.annotations.NullMarked;
