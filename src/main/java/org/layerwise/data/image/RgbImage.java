package org.layerwise.data.image;

/**
 * Decoded image with 8 bits for each of red, green and blue. The array is shared, not copied, since it may take
 * hundreds of megabytes; it must not be changed after construction.
 *
 * @param width pixels per row, at least 1
 * @param height rows, at least 1
 * @param rgb {@code [height, width, 3]}, each byte 0 to 255
 */
record RgbImage(int width, int height, byte[] rgb) {

    static final int CHANNELS = 3;

    RgbImage {
        if (width < 1 || height < 1 || rgb.length != (long) width * height * CHANNELS) {
            throw new IllegalArgumentException("an image of %s x %s pixels needs %s bytes, not %s"
                    .formatted(width, height, (long) width * height * CHANNELS, rgb.length));
        }
    }

    /** Creates a black image. */
    static RgbImage black(int width, int height) {
        return new RgbImage(width, height, new byte[Math.multiplyExact(Math.multiplyExact(width, height), CHANNELS)]);
    }

    /** Returns the index of a pixel's red in {@link #rgb}; green and blue follow. */
    int offset(int x, int y) {
        return (y * width + x) * CHANNELS;
    }
}
