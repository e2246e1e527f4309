package org.layerwise.gui.control;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;

/** Icons in the two sizes that the window uses. Their colour comes from the style sheet. */
public final class Icons {

    private static final int USUAL = 18;
    private static final int LARGE = 40;

    private Icons() {}

    /** An icon beside text. */
    public static FontIcon of(Ikon icon) {
        return FontIcon.of(icon, USUAL);
    }

    /** An icon above an empty pane's text. */
    public static FontIcon large(Ikon icon) {
        FontIcon large = FontIcon.of(icon, LARGE);
        large.getStyleClass().add("large-icon"); // whose size the style sheet has, since the theme's would win
        return large;
    }
}
