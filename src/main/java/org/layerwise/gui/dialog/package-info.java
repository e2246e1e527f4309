/** Dialogs: files, errors, export settings, confirmation of loss. */
@NullMarked
package org.layerwise.gui.dialog;

import org.jspecify.annotations.NullMarked;
