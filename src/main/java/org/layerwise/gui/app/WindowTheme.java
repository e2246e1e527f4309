package org.layerwise.gui.app;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;

/** Light and dark theme of the window. */
public enum WindowTheme {
    LIGHT,
    DARK;

    /** Returns the user agent style sheet for the whole program. */
    public String userAgentStylesheet() {
        return this == DARK ? new PrimerDark().getUserAgentStylesheet() : new PrimerLight().getUserAgentStylesheet();
    }
}
