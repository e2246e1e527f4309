package org.layerwise.data.image;

import java.nio.charset.StandardCharsets;

/**
 * ICC profiles of colours in encoded images. The JDK's readers convert colours by them or refuse faulty ones; Pillow
 * decodes without regard to them.
 */
final class ColourProfiles {

    private static final byte[] IN_JPEG = "ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int SEGMENT_HEAD = 4;
    private static final int APP2 = 0xE2;

    private ColourProfiles() {}

    /**
     * Returns a file in which the JDK's reader finds no profile. Positions in it are those of the given file, which is
     * not changed.
     */
    static byte[] hidden(byte[] file, ImageFormat kind) {
        return switch (kind) {
            case JPEG, TIFF -> hiddenInJpegs(file); // a TIFF may contain JPEGs
            default -> file;
        };
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
