/** Tests of the window. */
@NullMarked
package org.layerwise.gui;

import org.jspecify.annotations.NullMarked;
