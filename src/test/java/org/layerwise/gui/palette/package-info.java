/** Tests of the command palette. */
@NullMarked
package org.layerwise.gui.palette;

import org.jspecify.annotations.NullMarked;
