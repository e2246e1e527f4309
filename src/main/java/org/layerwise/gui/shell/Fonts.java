package org.layerwise.gui.shell;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import javafx.scene.text.Font;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the Inter typeface on the class path known to the toolkit; without it the style sheet falls back. */
final class Fonts {

    private static final Logger LOG = LoggerFactory.getLogger(Fonts.class);
    private static final String FOLDER = "/com/formdev/flatlaf/fonts/inter/";
    private static final double ANY_SIZE = 13;

    private Fonts() {}

    /** The faces that every window has. */
    static void load() {
        load(List.of("Inter-Regular", "Inter-SemiBold", "Inter-Bold"));
    }

    /** The slanted face, which only the guide has; without it the toolkit takes a bold one. */
    static void loadItalic() {
        load(List.of("Inter-Italic"));
    }

    private static void load(List<String> faces) {
        for (String face : faces) {
            try (InputStream file = Fonts.class.getResourceAsStream(FOLDER + face + ".otf")) {
                if (file == null || Font.loadFont(file, ANY_SIZE) == null) {
                    LOG.warn("The typeface {} cannot be loaded; the platform's is used", face);
                }
            } catch (IOException e) {
                LOG.warn("The typeface {} cannot be read; the platform's is used", face, e);
            }
        }
    }
}
