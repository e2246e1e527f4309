/**
 * The study as a document: opening, saving, recovery after a crash, configurations, and the navigator with its
 * contents.
 */
@NullMarked
package org.layerwise.gui.study;

import org.jspecify.annotations.NullMarked;
