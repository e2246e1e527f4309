package org.layerwise.gui.help;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Makes the anchors of one page's headings as GitHub does: {@code Where files go} becomes {@code where-files-go}. */
final class Anchors {

    private final Set<String> taken = new HashSet<>();

    /** The anchor of the page's next heading. */
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
