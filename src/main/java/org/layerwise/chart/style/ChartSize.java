package org.layerwise.chart.style;

import org.layerwise.base.UserException;

/** Size of a figure in pixels at 96 dpi (96 pixels per inch). */
public record ChartSize(int width, int height) {

    private static final int LEAST = 50;

    /**
     * Checks the size.
     *
     * @throws UserException if a side is shorter than 50 pixels
     */
    public ChartSize {
        if (width < LEAST || height < LEAST) {
            throw new UserException("A figure of %s × %s pixels is too small; each side must be at least %s."
                    .formatted(width, height, LEAST));
        }
    }
}
