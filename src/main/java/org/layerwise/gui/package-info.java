/** Graphical user interface. */
@NullMarked
package org.layerwise.gui;

import org.jspecify.annotations.NullMarked;
