package org.layerwise.chart;

import org.layerwise.base.UserException;

/** The size of a figure, in pixels at 96 dpi: 96 of them are an inch. */
public record ChartSize(int width, int height) {

    private static final int LEAST = 50;

    /** @throws UserException if a side is so small that nothing could be seen */
    public ChartSize {
        if (width < LEAST || height < LEAST) {
            throw new UserException("A figure of %s × %s pixels is too small; each side must be at least %s."
                    .formatted(width, height, LEAST));
        }
    }
}
