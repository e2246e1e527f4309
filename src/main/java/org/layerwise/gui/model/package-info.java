/** The model pane: what is loaded, and where it runs. */
@NullMarked
package org.layerwise.gui.model;

import org.jspecify.annotations.NullMarked;
