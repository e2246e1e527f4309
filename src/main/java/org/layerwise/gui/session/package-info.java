/** State of the open study: model, data, analyses and runs, and one history of changes. */
@NullMarked
package org.layerwise.gui.session;

import org.jspecify.annotations.NullMarked;
