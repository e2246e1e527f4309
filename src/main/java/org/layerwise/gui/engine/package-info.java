/** The engine room as the window sees it: one small interface, so that view models are tested without an engine. */
@NullMarked
package org.layerwise.gui.engine;

import org.jspecify.annotations.NullMarked;
