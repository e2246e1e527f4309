/** Compute devices and clusters: setup, checks, and the choice of one for work. */
@NullMarked
package org.layerwise.gui.preferences;

import org.jspecify.annotations.NullMarked;
