package org.layerwise.data.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * ICC profiles of colours in encoded images. The JDK's readers convert colours by them or refuse faulty ones; Pillow
 * decodes without regard to them.
 */
final class ColourProfiles {

    private static final byte[] IN_JPEG = "ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int IN_TIFF = 34675;
    private static final int TAG_BYTES = 2;
    private static final byte UNUSED = (byte) 0xFF; // the tag FFFF, which no program uses
    private static final int SEGMENT_HEAD = 4;
    private static final int APP2 = 0xE2;

    private ColourProfiles() {}

    /**
     * Returns a file in which the JDK's reader finds no profile. Positions in it are those of the given file, which is
     * not changed.
     */
    static byte[] hidden(byte[] file, ImageFormat kind) {
        return switch (kind) {
            case JPEG -> hiddenInJpegs(file);
            case TIFF -> hiddenInTiff(hiddenInJpegs(file)); // a TIFF may contain JPEGs
            default -> file;
        };
    }

    private static byte[] hiddenInTiff(byte[] file) {
        List<TiffEntry> found = TiffEntry.of(file).stream()
                .filter(entry -> entry.tag() == IN_TIFF)
                .toList();
        if (found.isEmpty()) {
            return file;
        }
        byte[] result = file.clone();
        found.forEach(entry -> Arrays.fill(result, entry.position(), entry.position() + TAG_BYTES, UNUSED));
        return result;
    }

    private static byte[] hiddenInJpegs(byte[] file) {
        byte[] result = file;
        for (int i = 0; i + SEGMENT_HEAD < file.length; i++) {
            if ((file[i] & 0xFF) == 0xFF
                    && (file[i + 1] & 0xFF) == APP2
                    && ByteComparison.startsWith(file, i + SEGMENT_HEAD, IN_JPEG)) {
                result = result == file ? file.clone() : result;
                result[i + SEGMENT_HEAD] = 0; // now a segment of an unknown kind
            }
        }
        return result;
    }
}
