/** Tests of the guide in a window. */
@NullMarked
package org.layerwise.gui.help;

import org.jspecify.annotations.NullMarked;
