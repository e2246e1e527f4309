package org.layerwise.data.image;

import java.awt.image.Raster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageReader;
import org.layerwise.base.UserException;

/**
 * Colours of JPEG files as libjpeg converts them by default ({@code default_decompress_parms} in {@code jdapimin.c}).
 * The JDK's reader decodes them without conversion, since its own depends on the number of channels, on the sizes of
 * the channels and on colour profiles. The inks of files with four channels count as inverted, as Adobe's programs
 * write them and Pillow assumes.
 */
final class JpegColours {

    private static final int START_OF_SCAN = 0xDA;
    private static final Segment JFIF = new Segment(0xE0, "JFIF\0", 16);
    private static final Segment ADOBE = new Segment(0xEE, "Adobe", 14);

    /** Position of the transform in Adobe's segment, of which libjpeg takes all but 0 for YCbCr and YCCK. */
    private static final int TRANSFORM = 15;

    private static final byte NOT_TRANSFORMED = 0;

    /** Names of the channels by which libjpeg recognises RGB. */
    private static final byte[] RGB = {'R', 'G', 'B'};

    private JpegColours() {}

    static RgbImage read(ImageReader reader, byte[] file, String name) throws IOException {
        Raster raster = reader.readRaster(0, null);
        return switch (raster.getNumBands()) {
            case 1 -> Colours.picked(raster, new int[] {0, 0, 0});
            case 3 -> isRgb(file) ? Colours.picked(raster, new int[] {0, 1, 2}) : seen(raster);
            case 4 -> printed(raster, transform(file).orElse(NOT_TRANSFORMED) != NOT_TRANSFORMED);
            default ->
                throw new UserException("%s is a JPEG of %s channels, which cannot be read; save it in RGB."
                        .formatted(name, raster.getNumBands()));
        };
    }

    /** Returns true if three channels are red, green and blue and not YCbCr. */
    private static boolean isRgb(byte[] file) {
        if (find(file, JFIF::isAt) > 0) {
            return false;
        }
        int first = find(file, JpegColours::isFrame) + 10;
        byte[] names = {file[first], file[first + 3], file[first + 6]};
        return transform(file).map(transform -> transform == NOT_TRANSFORMED).orElse(Arrays.equals(names, RGB));
    }

    /** Returns the transform of the colours; empty if the file has no segment of Adobe. */
    private static Optional<Byte> transform(byte[] file) {
        int adobe = find(file, ADOBE::isAt);
        return adobe < 0 ? Optional.empty() : Optional.of(file[adobe + TRANSFORM]);
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

    private static boolean isFrame(byte[] file, int position) {
        int marker = file[position + 1] & 0xFF;
        // C4, C8 and CC are tables and reserved markers
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    @FunctionalInterface
    private interface Wanted {
        boolean test(byte[] file, int position);
    }

    /** A kind of segment: its marker, the beginning of its content, and its minimum length in bytes. */
    private record Segment(int marker, String beginning, int least) {
        boolean isAt(byte[] file, int position) {
            return (file[position + 1] & 0xFF) == marker
                    && length(file, position) >= least
                    && ByteComparison.startsWith(file, position + 4, beginning.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Returns the position of the marker of the last segment of a kind before the picture data; -1 if there is none. */
    private static int find(byte[] file, Wanted wanted) {
        int found = -1;
        int position = 2;
        while (position + 4 <= file.length && (file[position] & 0xFF) == 0xFF) {
            int marker = file[position + 1] & 0xFF;
            if (marker == START_OF_SCAN) {
                break;
            }
            if (wanted.test(file, position)) {
                found = position;
            }
            boolean filler = marker == 0xFF;
            position += filler ? 1 : 2 + length(file, position);
        }
        return found;
    }

    /** Returns the length of a segment without its marker. */
    private static int length(byte[] file, int position) {
        return (file[position + 2] & 0xFF) << 8 | file[position + 3] & 0xFF;
    }
}
