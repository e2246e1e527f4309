/** The navigator: what the study holds. */
@NullMarked
package org.layerwise.gui.navigator;

import org.jspecify.annotations.NullMarked;
