package org.layerwise.data.image;

import java.awt.image.Raster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
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
            case 3 ->
                isRgb(file)
                        ? Colours.picked(raster, new int[] {0, 1, 2})
                        : Colours.converted(raster, JpegColours::toRgb);
            case 4 -> printed(raster, transform(file).orElse(NOT_TRANSFORMED) != NOT_TRANSFORMED);
            default ->
                throw new UserException("%s is a JPEG of %s channels, which cannot be read; save it in RGB."
                        .formatted(name, raster.getNumBands()));
        };
    }

    /** Returns true if three channels are red, green and blue and not YCbCr. */
    private static boolean isRgb(byte[] file) {
        if (find(file, at -> JFIF.isAt(file, at)) > 0) {
            return false;
        }
        int first = find(file, at -> isFrame(file, at)) + 10;
        byte[] names = {file[first], file[first + 3], file[first + 6]};
        return transform(file).map(transform -> transform == NOT_TRANSFORMED).orElse(Arrays.equals(names, RGB));
    }

    /** Returns the transform of the colours; empty if the file has no segment of Adobe. */
    private static Optional<Byte> transform(byte[] file) {
        int adobe = find(file, at -> ADOBE.isAt(file, at));
        return adobe < 0 ? Optional.empty() : Optional.of(file[adobe + TRANSFORM]);
    }

    private static RgbImage printed(Raster raster, boolean transformed) {
        return Colours.converted(raster, (row, i) -> {
            if (transformed) {
                toInks(row, i);
            }
            for (int channel = 0; channel < 4; channel++) {
                row[i + channel] = 255 - row[i + channel];
            }
            Colours.fromInks(row, i);
        });
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
        int marker = marker(file, position);
        // C4, C8 and CC are tables and reserved markers
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    /** A kind of segment: its marker, the beginning of its content, and its minimum length in bytes. */
    private record Segment(int marker, String beginning, int least) {
        boolean isAt(byte[] file, int position) {
            return JpegColours.marker(file, position) == marker
                    && length(file, position) >= least
                    && ByteComparison.startsWith(file, position + 4, beginning.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Returns the position of the marker of the last segment of a kind before the picture data; -1 if there is none. */
    private static int find(byte[] file, IntPredicate wanted) {
        return segments(file).filter(wanted).reduce((first, last) -> last).orElse(-1);
    }

    /** Returns the positions of the markers before the picture data, and of the bytes that fill up to a marker. */
    static IntStream segments(byte[] file) {
        return IntStream.iterate(
                2,
                at -> at + 4 <= file.length && (file[at] & 0xFF) == 0xFF && marker(file, at) != START_OF_SCAN,
                at -> marker(file, at) == 0xFF ? at + 1 : end(file, at));
    }

    static int marker(byte[] file, int position) {
        return file[position + 1] & 0xFF;
    }

    /** Returns the position after a segment. */
    static int end(byte[] file, int position) {
        return position + 2 + length(file, position);
    }

    /** Returns the length of a segment without its marker. */
    private static int length(byte[] file, int position) {
        return (file[position + 2] & 0xFF) << 8 | file[position + 3] & 0xFF;
    }
}
