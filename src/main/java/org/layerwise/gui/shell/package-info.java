/** The window itself: menus, panes, settings that are remembered, and who knows whom. */
@NullMarked
package org.layerwise.gui.shell;

import org.jspecify.annotations.NullMarked;
