/** Words and figures as the window shows them. */
@NullMarked
package org.layerwise.gui.text;

import org.jspecify.annotations.NullMarked;
