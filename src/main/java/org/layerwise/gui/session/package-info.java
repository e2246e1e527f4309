/** What the window holds open: model, data, analyses, runs. */
@NullMarked
package org.layerwise.gui.session;

import org.jspecify.annotations.NullMarked;
