/** Nodes, dialogs, tables, texts and formatted numbers that several panes use. */
@NullMarked
package org.layerwise.gui.common;

import org.jspecify.annotations.NullMarked;
