/** Main window: menus, panes, saved settings, and the connections between the view models. */
@NullMarked
package org.layerwise.gui.shell;

import org.jspecify.annotations.NullMarked;
