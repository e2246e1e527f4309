package org.layerwise.base;

import java.util.List;
import java.util.Locale;

/** Numbers of bytes in words. */
public final class ByteWords {

    private static final double KIBI = 1024;
    private static final List<String> UNITS = List.of("kB", "MB", "GB", "TB");

    private ByteWords() {}

    /** Such as {@code 512 bytes}, {@code 3.4 MB}, {@code 120 GB}; units of 1024. */
    public static String of(long bytes) {
        if (bytes < KIBI) {
            return bytes == 1 ? "1 byte" : bytes + " bytes";
        }
        double value = bytes / KIBI;
        int unit = 0;
        // a number that would be rounded to 1024 belongs to the next unit
        while (value >= KIBI - 0.5 && unit + 1 < UNITS.size()) {
            value /= KIBI;
            unit++;
        }
        return String.format(Locale.ENGLISH, value < 10 ? "%.1f %s" : "%.0f %s", value, UNITS.get(unit));
    }
}
