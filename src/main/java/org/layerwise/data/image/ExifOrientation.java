package org.layerwise.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How a camera was held: cameras store the sensor's rows and say in the EXIF tag 274 how to turn them. {@code load_image}
 * of transformers turns images so ({@code PIL.ImageOps.exif_transpose}); its image processors alone do not.
 */
final class ExifOrientation {

    private static final int UPRIGHT = 1;
    private static final int TAG = 274;
    private static final int ENTRY_BYTES = 12;
    private static final int SHORT = 3;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private ExifOrientation() {}

    /** The orientation of an encoded image, 1 to 8; 1, which is upright, where it says nothing that can be read. */
    static int of(byte[] file, ImageKind kind) {
        return switch (kind) {
            case JPEG -> ofTiff(inJpeg(file));
            case PNG -> ofTiff(PngChunks.content(file, "eXIf"));
            case TIFF -> ofTiff(file);
            default -> UPRIGHT;
        };
    }

    /** The image as it is seen, by its orientation. */
    static RgbImage upright(RgbImage image, int orientation) {
        if (orientation == UPRIGHT) {
            return image;
        }
        boolean sideways = orientation >= 5;
        int width = image.width();
        int height = image.height();
        RgbImage turned = RgbImage.black(sideways ? height : width, sideways ? width : height);
        int target = 0;
        for (int y = 0; y < turned.height(); y++) {
            for (int x = 0; x < turned.width(); x++) {
                int source =
                        switch (orientation) {
                            case 2 -> image.offset(width - 1 - x, y);
                            case 3 -> image.offset(width - 1 - x, height - 1 - y);
                            case 4 -> image.offset(x, height - 1 - y);
                            case 5 -> image.offset(y, x);
                            case 6 -> image.offset(y, height - 1 - x);
                            case 7 -> image.offset(width - 1 - y, height - 1 - x);
                            case 8 -> image.offset(width - 1 - y, x);
                            default -> throw new IllegalArgumentException("no orientation: " + orientation);
                        };
                System.arraycopy(image.rgb(), source, turned.rgb(), target, RgbImage.CHANNELS);
                target += RgbImage.CHANNELS;
            }
        }
        return turned;
    }

    private static byte[] inJpeg(byte[] file) {
        int position = 2;
        while (position + 4 <= file.length && (file[position] & 0xFF) == 0xFF) {
            int marker = file[position + 1] & 0xFF;
            if (marker == 0xFF) {
                position++;
                continue;
            }
            boolean scan = marker == 0xDA;
            int length = (file[position + 2] & 0xFF) << 8 | file[position + 3] & 0xFF;
            int end = position + 2 + length;
            if (scan || end > file.length) {
                break;
            }
            if (marker == 0xE1 && startsWith(file, position + 4, EXIF)) {
                return Arrays.copyOfRange(file, position + 4 + EXIF.length, end);
            }
            position = end;
        }
        return new byte[0];
    }

    private static int ofTiff(byte[] tiff) {
        if (tiff.length < 8) {
            return UPRIGHT;
        }
        ByteBuffer buffer =
                ByteBuffer.wrap(tiff).order(tiff[0] == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        long directory = Integer.toUnsignedLong(buffer.getInt(4));
        if (directory + 2 > tiff.length) {
            return UPRIGHT;
        }
        int entries = Short.toUnsignedInt(buffer.getShort((int) directory));
        for (int i = 0; i < entries; i++) {
            long entry = directory + 2 + (long) i * ENTRY_BYTES;
            if (entry + ENTRY_BYTES > tiff.length) {
                break;
            }
            int at = (int) entry;
            if (Short.toUnsignedInt(buffer.getShort(at)) == TAG && buffer.getShort(at + 2) == SHORT) {
                int orientation = Short.toUnsignedInt(buffer.getShort(at + 8));
                return orientation >= 1 && orientation <= 8 ? orientation : UPRIGHT;
            }
        }
        return UPRIGHT;
    }

    private static boolean startsWith(byte[] file, int position, byte[] start) {
        return position + start.length <= file.length
                && Arrays.equals(file, position, position + start.length, start, 0, start.length);
    }
}
