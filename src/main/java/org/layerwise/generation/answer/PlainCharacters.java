package org.layerwise.generation.answer;

import java.text.Normalizer;
import java.util.regex.Pattern;

/** Replaces Unicode's minus signs, fractions and superscripts by plain characters. */
final class PlainCharacters {

    /** Hyphens, figure dash, en dash, minus sign, and the small and the wide one. */
    private static final Pattern MINUS = Pattern.compile("[\u2010-\u2013\u2212\ufe63\uff0d]");

    private static final Pattern FRACTION = Pattern.compile("((?<=\\d)\\s?)?([\u00bc-\u00be\u2150-\u215e])");
    private static final Pattern SUPERSCRIPT =
            Pattern.compile("[\u207a\u207b]?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+");

    private PlainCharacters() {}

    /** Returns the text with {@code -} for a minus sign, {@code 1/2} for a half, and {@code ^{2}} for a square. */
    static String of(String text) {
        String plain = MINUS.matcher(text).replaceAll("-").replace('\u2044', '/');
        plain = FRACTION.matcher(plain)
                .replaceAll(match -> (match.group(1) == null ? "" : " ") + spelled(match.group(2)));
        return SUPERSCRIPT.matcher(plain).replaceAll(match -> "^{" + spelled(match.group()) + "}");
    }

    private static String spelled(String compatible) {
        return Normalizer.normalize(compatible, Normalizer.Form.NFKC)
                .replace('\u2044', '/')
                .replace('\u2212', '-');
    }
}
