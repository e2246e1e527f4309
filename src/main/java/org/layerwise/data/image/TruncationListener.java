package org.layerwise.data.image;

import java.util.Locale;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;

/** Listener for truncated pictures, of which the JDK's readers only warn and which Pillow refuses. */
final class TruncationListener implements IIOReadWarningListener {

    private boolean happened;

    @Override
    public void warningOccurred(ImageReader source, String warning) {
        String text = warning.toLowerCase(Locale.ROOT);
        happened |= text.contains("premature") || text.contains("truncated") || text.contains("unexpected end");
    }

    boolean happened() {
        return happened;
    }
}
