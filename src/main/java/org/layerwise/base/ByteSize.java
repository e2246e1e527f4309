package org.layerwise.base;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Formats and parses numbers of bytes with units. */
public final class ByteSize {

    private static final double KIBI = 1024;
    private static final List<String> UNITS = List.of("KiB", "MiB", "GiB", "TiB");

    private static final Pattern SIZE =
            Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?) ?([KMGT]I?)?B", Pattern.CASE_INSENSITIVE);
    private static final Map<String, Integer> POWERS = Map.of("K", 1, "M", 2, "G", 3, "T", 4);

    private ByteSize() {}

    /**
     * Parses a size such as {@code 5GB} (powers of 1000) or {@code 512MiB} (powers of 1024), as transformers does.
     *
     * @return number of bytes; empty if the text is not a size of at least one byte
     */
    public static OptionalLong parse(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        String unit = matcher.group(2) == null ? "" : matcher.group(2).toUpperCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : Objects.requireNonNull(POWERS.get(unit.substring(0, 1)));
        BigDecimal bytes = new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(unit.endsWith("I") ? 1024 : 1000).pow(power))
                .setScale(0, RoundingMode.DOWN);
        return bytes.signum() > 0 && bytes.toBigInteger().bitLength() < Long.SIZE
                ? OptionalLong.of(bytes.longValueExact())
                : OptionalLong.empty();
    }

    /** Formats a number of bytes in powers of 1024, such as {@code 512 bytes}, {@code 3.4 MiB} or {@code 120 GiB}. */
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
