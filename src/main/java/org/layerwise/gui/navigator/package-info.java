/** Navigator with the contents of the study. */
@NullMarked
package org.layerwise.gui.navigator;

import org.jspecify.annotations.NullMarked;
