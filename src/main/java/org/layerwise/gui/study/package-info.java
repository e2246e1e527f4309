/** The study as a document: opening, saving, and recovery after a crash. */
@NullMarked
package org.layerwise.gui.study;

import org.jspecify.annotations.NullMarked;
