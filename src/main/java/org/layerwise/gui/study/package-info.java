/** The study as a document: opened, saved, kept in case of a crash. */
@NullMarked
package org.layerwise.gui.study;

import org.jspecify.annotations.NullMarked;
