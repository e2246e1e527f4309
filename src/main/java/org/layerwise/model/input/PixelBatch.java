package org.layerwise.model.input;

import java.util.Arrays;

/**
 * Images of several examples, preprocessed for a vision tower, on the host.
 *
 * @param images number of images
 * @param channels number of channels of each image, in the order red, green, blue
 * @param height number of rows of each image
 * @param width number of columns of each image
 * @param values {@code [images, channels, height, width]}
 */
public record PixelBatch(int images, int channels, int height, int width, float[] values) {

    public PixelBatch {
        long cells = (long) images * channels * height * width;
        if (images < 1 || values.length != cells) {
            throw new IllegalArgumentException("%s images of %s x %s x %s must hold %s values, not %s"
                    .formatted(images, channels, height, width, cells, values.length));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PixelBatch batch
                && images == batch.images
                && channels == batch.channels
                && height == batch.height
                && width == batch.width
                && Arrays.equals(values, batch.values);
    }

    @Override
    public int hashCode() {
        return 31 * images + Arrays.hashCode(values);
    }
}
