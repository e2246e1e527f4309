package org.layerwise.data.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Orientation of the camera: cameras store the rows of the sensor, and the EXIF tag 274 describes how to turn them.
 * {@code load_image} of transformers turns images accordingly ({@code PIL.ImageOps.exif_transpose}); its image
 * processors alone do not.
 */
final class ExifOrientation {

    private static final int UPRIGHT = 1;
    private static final int TAG = 274;
    private static final int APP1 = 0xE1;
    private static final int TIFF_XMP = 700;
    private static final int MOST = 8;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] XMP = "http://ns.adobe.com/xap/1.0/\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final Pattern XMP_TAG = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

    /** Keywords of texts in PNG files. */
    private static final String PNG_XMP = "XML:com.adobe.xmp";

    private static final String PNG_PROFILE = "Raw profile type exif";
    private static final int PROFILE_HEAD = 3;

    private ExifOrientation() {}

    /**
     * Returns the orientation of an encoded image, 1 to 8; 1 (upright) if the file gives none or an unreadable one. If
     * EXIF has no such tag, that of XMP counts, as in Pillow's {@code Image.getexif}.
     */
    static int of(byte[] file, ImageFormat kind) {
        int orientation =
                switch (kind) {
                    case JPEG -> ofTiff(inJpeg(file, EXIF)).orElseGet(() -> ofXmp(inJpeg(file, XMP)));
                    case PNG ->
                        ofTiff(inPng(file))
                                .orElseGet(
                                        () -> ofXmp(PngTexts.of(file, PNG_XMP).orElse(new byte[0])));
                    case TIFF ->
                        ofTiff(file)
                                .orElseGet(() -> ofXmp(TiffEntry.find(file, TIFF_XMP)
                                        .map(TiffEntry::bytes)
                                        .orElse(new byte[0])));
                    default -> UPRIGHT;
                };
        return orientation >= UPRIGHT && orientation <= MOST ? orientation : UPRIGHT;
    }

    /** Returns the image turned upright according to its orientation. */
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

    /**
     * Returns the content of the first APP1 segment with a given beginning, without this beginning; empty if there is
     * none.
     */
    private static byte[] inJpeg(byte[] file, byte[] beginning) {
        return JpegColours.segments(file)
                .filter(at -> JpegColours.marker(file, at) == APP1
                        && JpegColours.end(file, at) <= file.length
                        && ByteComparison.startsWith(file, at + 4, beginning))
                .mapToObj(at -> Arrays.copyOfRange(
                        file,
                        Math.min(JpegColours.end(file, at), at + 4 + beginning.length),
                        JpegColours.end(file, at)))
                .findFirst()
                .orElse(new byte[0]);
    }

    /**
     * Returns the EXIF data of its own chunk, or of a text as ImageMagick writes it: a name and a length on separate
     * lines, then hexadecimal digits.
     */
    private static byte[] inPng(byte[] file) {
        byte[] chunk = PngChunks.content(file, "eXIf");
        if (chunk.length > 0) {
            return chunk;
        }
        String profile = PngTexts.of(file, PNG_PROFILE)
                .map(text -> new String(text, StandardCharsets.ISO_8859_1))
                .orElse("");
        String digits = profile.lines().skip(PROFILE_HEAD).collect(Collectors.joining());
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /**
     * Returns the orientation in an EXIF directory; 0 if the tag contains no whole number; empty if the directory has no
     * such tag.
     */
    private static OptionalInt ofTiff(byte[] exif) {
        byte[] tiff =
                ByteComparison.startsWith(exif, 0, EXIF) ? Arrays.copyOfRange(exif, EXIF.length, exif.length) : exif;
        return TiffEntry.find(tiff, TAG).stream()
                .mapToInt(entry -> (int) Math.max(0, Math.min(entry.number(), MOST + 1)))
                .findFirst();
    }

    private static int ofXmp(byte[] xmp) {
        Matcher matcher = XMP_TAG.matcher(new String(xmp, StandardCharsets.ISO_8859_1));
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : UPRIGHT;
    }
}
