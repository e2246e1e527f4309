package org.layerwise.gui.common;

import java.util.function.Consumer;
import javafx.scene.image.Image;

/**
 * Content of the export dialog.
 *
 * @param title heading of the dialog
 * @param suggested initial options
 * @param all true to export many figures, each in its own size and together with its values
 * @param preview draws the preview
 */
public record ExportForm(String title, ExportOptions suggested, boolean all, Preview preview) {

    /**
     * Creates previews on a background thread. A newer request may cancel an older one, whose result then never
     * arrives.
     */
    public interface Preview {

        /**
         * Draws the figure as exported, at the resolution that fits into the given size.
         *
         * @param options export options
         * @param width maximum width in pixels
         * @param height maximum height in pixels
         * @param ready receives the image on the FX thread
         * @param failed receives the reason for a failure in one sentence, on the FX thread
         */
        void picture(ExportOptions options, int width, int height, Consumer<Image> ready, Consumer<String> failed);

        /**
         * Reads the first lines of the table.
         *
         * @param lines maximum number of lines
         * @param ready receives the lines on the FX thread
         * @param failed receives the reason for a failure in one sentence, on the FX thread
         */
        void table(int lines, Consumer<String> ready, Consumer<String> failed);
    }
}
