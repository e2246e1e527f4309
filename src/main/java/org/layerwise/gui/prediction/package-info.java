/** Pane with the predictions of a model or an adapter for each row of some data. */
@NullMarked
package org.layerwise.gui.prediction;

import org.jspecify.annotations.NullMarked;
