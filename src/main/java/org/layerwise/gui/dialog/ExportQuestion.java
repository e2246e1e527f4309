package org.layerwise.gui.dialog;

import java.util.function.Consumer;
import javafx.scene.image.Image;

/**
 * What the export dialog asks about.
 *
 * @param title above it
 * @param suggested to start from
 * @param all whether many figures are written, each in its own size and with its numbers
 * @param preview draws what would be written
 */
public record ExportQuestion(String title, ExportOptions suggested, boolean all, Preview preview) {

    /** Draws what would be written, off the FX thread. What is asked for last counts: what was asked for before may not come. */
    public interface Preview {

        /**
         * The picture as it would be, in whatever resolution fits.
         *
         * @param width in pixels, at most
         * @param height in pixels, at most
         * @param ready on the FX thread
         * @param failed hears in one sentence why there is none, on the FX thread
         */
        void picture(ExportOptions options, int width, int height, Consumer<Image> ready, Consumer<String> failed);

        /** The first lines of the table, on the FX thread. */
        void table(int lines, Consumer<String> ready, Consumer<String> failed);
    }
}
