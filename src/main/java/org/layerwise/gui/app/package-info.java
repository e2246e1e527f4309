/** Main window: menus, panes, command palette, saved settings, and the connections between the view models. */
@NullMarked
package org.layerwise.gui.app;

import org.jspecify.annotations.NullMarked;
