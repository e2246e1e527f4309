/** Dialogs for files, errors, export options and confirmations. */
@NullMarked
package org.layerwise.gui.dialog;

import org.jspecify.annotations.NullMarked;
