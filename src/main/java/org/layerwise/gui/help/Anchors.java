package org.layerwise.gui.help;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Creates anchors for the headings of one page in the way of GitHub: {@code Where files go} becomes
 * {@code where-files-go}.
 */
final class Anchors {

    private final Set<String> taken = new HashSet<>();

    /** Returns the anchor of the next heading of the page. A repeated heading gets a number. */
    String next(String heading) {
        String plain = heading.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\p{M}_ -]", "")
                .replace(' ', '-');
        String anchor = plain;
        for (int again = 1; !taken.add(anchor); again++) {
            anchor = plain + "-" + again;
        }
        return anchor;
    }
}
