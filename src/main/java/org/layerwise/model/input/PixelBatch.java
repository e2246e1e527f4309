package org.layerwise.model.input;

/**
 * The images of a batch, preprocessed, on the host.
 *
 * @param images number of images
 * @param values {@code [images, channels, height, width]}, row-major
 */
public record PixelBatch(int images, int channels, int height, int width, float[] values) {

    public PixelBatch {
        if (values.length != Math.multiplyExact(Math.multiplyExact(images, channels), height * width)) {
            throw new IllegalArgumentException("%d values do not make %d images of %d x %d x %d"
                    .formatted(values.length, images, channels, height, width));
        }
    }
}
