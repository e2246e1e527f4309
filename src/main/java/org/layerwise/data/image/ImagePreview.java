package org.layerwise.data.image;

import org.layerwise.base.UserException;

/**
 * Small copy of an image for display, decoded as models see it and with the same limits.
 *
 * @param width pixels per row, at least 1
 * @param height rows, at least 1
 * @param rgb {@code [height, width, 3]}, each byte 0 to 255; not copied
 */
public record ImagePreview(int width, int height, byte[] rgb) {

    /**
     * Decodes an image and shrinks it.
     *
     * @param side maximum length of the longer side, in pixels, at least 1; smaller images keep their size
     * @throws UserException if the image cannot be read, is broken, or is too large
     */
    public static ImagePreview of(ImageSource source, int side) {
        RgbImage image = ImageDecoder.decode(source.read(source.text()), source.text());
        double scale = Math.min(1, (double) side / Math.max(image.width(), image.height()));
        RgbImage small = Resampler.resize(
                image, scaled(image.width(), scale), scaled(image.height(), scale), Resampling.BILINEAR);
        return new ImagePreview(small.width(), small.height(), small.rgb());
    }

    private static int scaled(int length, double scale) {
        return Math.max(1, (int) Math.round(length * scale));
    }
}
