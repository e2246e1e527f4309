package org.layerwise.gui.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import javafx.scene.text.Font;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the Inter typeface from the class path into the toolkit. If this fails, the style sheet falls back to the
 * platform's fonts.
 */
final class Fonts {

    private static final Logger LOG = LoggerFactory.getLogger(Fonts.class);
    private static final String FOLDER = "/com/formdev/flatlaf/fonts/inter/";
    private static final double ANY_SIZE = 13;

    private Fonts() {}

    /** Loads the faces that every window uses. */
    static void load() {
        load(List.of("Inter-Regular", "Inter-SemiBold", "Inter-Bold"));
    }

    /**
     * Loads the italic face, which only the user guide uses. Without the italic face the toolkit would show bold text
     * instead.
     */
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
