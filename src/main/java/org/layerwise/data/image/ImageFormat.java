package org.layerwise.data.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Kinds of image files, recognised by their first bytes and not by their names. */
enum ImageFormat {
    PNG("PNG", "89504e470d0a1a0a"),
    JPEG("JPEG", "ffd8ff"),
    GIF("GIF", "474946383761", "474946383961"),
    BMP("BMP", "424d"),
    TIFF("TIFF", "49492a00", "4d4d002a"),
    WBMP("WBMP", "0000"),
    WEBP("WebP", "52494646........57454250"),
    HEIF("HEIC or AVIF", "........66747970"),
    JPEG_2000("JPEG 2000", "0000000c6a502020", "ff4fff51"),
    JPEG_XL("JPEG XL", "ff0a", "0000000c4a584c20"),
    UNKNOWN("");

    private static final int LONGEST = 12;

    private final String shown;
    private final String[] beginnings;

    ImageFormat(String shown, String... beginnings) {
        this.shown = shown;
        this.beginnings = beginnings;
    }

    /** Returns the kind of an encoded image. */
    static ImageFormat of(byte[] file) {
        String head = HexFormat.of().formatHex(file, 0, Math.min(LONGEST, file.length));
        // the longest matching beginning, since one kind's beginning may be the start of another's
        ImageFormat found = UNKNOWN;
        int length = 0;
        for (ImageFormat kind : values()) {
            for (String beginning : kind.beginnings) {
                if (beginning.length() > length && head.matches(beginning + ".*")) {
                    found = kind;
                    length = beginning.length();
                }
            }
        }
        return found;
    }

    /** Returns true if images of this kind can be decoded. */
    boolean readable() {
        return ordinal() <= WBMP.ordinal();
    }

    /** Returns the name shown to users; for an unknown kind a description of the file's first bytes. */
    String shown(byte[] file) {
        if (this != UNKNOWN) {
            return shown;
        }
        String head = new String(Arrays.copyOf(file, Math.min(LONGEST, file.length)), StandardCharsets.US_ASCII);
        return head.chars().allMatch(c -> c >= ' ' && c < 127)
                ? "text (\"%s…\")".formatted(head)
                : "of an unknown kind (it begins with the bytes %s)"
                        .formatted(HexFormat.ofDelimiter(" ").formatHex(file, 0, Math.min(4, file.length)));
    }
}
