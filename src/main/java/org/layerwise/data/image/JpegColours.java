package org.layerwise.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageReader;

/**
 * Colours of JPEG files, including those with four inks, which the JDK decodes but does not convert to colours. The
 * inks count as inverted, as Adobe's programs write them and Pillow assumes.
 */
final class JpegColours {

    private static final int START_OF_SCAN = 0xDA;
    private static final int JFIF = 0xE0;
    private static final int ADOBE = 0xEE;
    private static final int YCCK = 2;

    /** Names of the channels by which libjpeg recognises their colours. */
    private static final byte[] YCBCR = {1, 2, 3};

    private static final byte[] RGB = {'R', 'G', 'B'};

    private JpegColours() {}

    static RgbImage read(ImageReader reader, byte[] file, String name) throws IOException {
        int frame = find(file, JpegColours::isFrame);
        int channels = frame > 0 && frame + 9 < file.length ? file[frame + 9] : 0;
        if (channels == 3 && !namesColours(file, frame)) {
            return seen(reader.readRaster(0, null));
        }
        if (channels != 4) {
            BufferedImage decoded = reader.read(0);
            return Colours.rgb(decoded.getRaster(), decoded.getColorModel(), name);
        }
        int adobe = find(file, marker -> marker == ADOBE);
        boolean transformed = adobe > 0 && adobe + 15 < file.length && file[adobe + 15] == YCCK;
        return printed(reader.readRaster(0, null), transformed);
    }

    /**
     * Returns true if a file with three channels specifies their colours. For an unspecified file libjpeg assumes
     * YCbCr, but the JDK's reader assumes RGB if all channels have the same size.
     */
    private static boolean namesColours(byte[] file, int frame) {
        if (find(file, marker -> marker == JFIF) > 0 || find(file, marker -> marker == ADOBE) > 0) {
            return true;
        }
        int first = frame + 10;
        if (first + 7 > file.length) {
            return true; // a truncated file, which the reader will refuse
        }
        byte[] names = {file[first], file[first + 3], file[first + 6]};
        return Arrays.equals(names, YCBCR) || Arrays.equals(names, RGB);
    }

    private static RgbImage seen(Raster raster) {
        RgbImage image = RgbImage.black(raster.getWidth(), raster.getHeight());
        int[] row = new int[raster.getWidth() * RgbImage.CHANNELS];
        int target = 0;
        for (int y = 0; y < image.height(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, image.width(), 1, row);
            for (int i = 0; i < row.length; i += RgbImage.CHANNELS) {
                toRgb(row, i);
                for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                    image.rgb()[target++] = (byte) row[i + channel];
                }
            }
        }
        return image;
    }

    private static RgbImage printed(Raster raster, boolean transformed) {
        RgbImage image = RgbImage.black(raster.getWidth(), raster.getHeight());
        int[] row = new int[raster.getWidth() * 4];
        int target = 0;
        for (int y = 0; y < image.height(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, image.width(), 1, row);
            for (int i = 0; i < row.length; i += 4) {
                if (transformed) {
                    toInks(row, i);
                }
                for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                    image.rgb()[target++] = Colours.printed(255 - row[i + channel], 255 - row[i + 3]);
                }
            }
        }
        return image;
    }

    /** Converts YCCK to CMYK: converts YCbCr to RGB and inverts the result. */
    private static void toInks(int[] row, int i) {
        toRgb(row, i);
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            row[i + channel] = 255 - row[i + channel];
        }
    }

    /** Converts YCbCr of the JPEG standard to RGB, with the rounding of libjpeg ({@code jdcolor.c}). */
    private static void toRgb(int[] row, int i) {
        int y = row[i];
        int blue = row[i + 1] - 128;
        int red = row[i + 2] - 128;
        int half = 1 << 15;
        row[i] = limited(y + (91_881 * red + half >> 16));
        row[i + 1] = limited(y + (-22_554 * blue + half - 46_802 * red >> 16));
        row[i + 2] = limited(y + (116_130 * blue + half >> 16));
    }

    private static int limited(int value) {
        return Math.max(0, Math.min(255, value));
    }

    private static boolean isFrame(int marker) {
        // C4, C8 and CC are tables and reserved markers
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    @FunctionalInterface
    private interface Wanted {
        boolean test(int marker);
    }

    /** Returns the position of the marker of a segment; -1 if there is none before the picture data. */
    private static int find(byte[] file, Wanted wanted) {
        int position = 2;
        while (position + 4 <= file.length && (file[position] & 0xFF) == 0xFF) {
            int marker = file[position + 1] & 0xFF;
            if (wanted.test(marker)) {
                return position;
            }
            if (marker == START_OF_SCAN) {
                break;
            }
            boolean filler = marker == 0xFF;
            position += filler ? 1 : 2 + ((file[position + 2] & 0xFF) << 8 | file[position + 3] & 0xFF);
        }
        return -1;
    }
}
