/** State of the open study: model, data, analyses and runs. */
@NullMarked
package org.layerwise.gui.session;

import org.jspecify.annotations.NullMarked;
