package org.layerwise.gui.common;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;

/** Icons in the two sizes of the window. The style sheet sets their colour. */
public final class Icons {

    private static final int DEFAULT_SIZE = 18;
    private static final int LARGE = 40;

    private Icons() {}

    /** Creates an icon for use beside text. */
    public static FontIcon of(Ikon icon) {
        return FontIcon.of(icon, DEFAULT_SIZE);
    }

    /** Creates a large icon for use above the text of an empty pane. */
    public static FontIcon large(Ikon icon) {
        FontIcon large = FontIcon.of(icon, LARGE);
        large.getStyleClass().add("large-icon"); // has its size, else the theme's size wins
        return large;
    }
}
