/** Texts and formatted numbers for the window. */
@NullMarked
package org.layerwise.gui.text;

import org.jspecify.annotations.NullMarked;
