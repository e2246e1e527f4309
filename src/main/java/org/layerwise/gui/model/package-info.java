/** Model pane: the loaded model and its device. */
@NullMarked
package org.layerwise.gui.model;

import org.jspecify.annotations.NullMarked;
