package org.layerwise.settings;

import java.util.ArrayList;
import java.util.List;

/** Names or regular expressions as people write them in one line: with commas between. */
public final class CommaList {

    private CommaList() {}

    /**
     * The items without the space around them; empty ones are kept. A comma inside of brackets of any kind, or after a
     * backslash, belongs to its item: {@code .*\.layer\.\d{1,2}\.query}.
     */
    public static List<String> split(String text) {
        List<String> items = new ArrayList<>();
        int open = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\\' -> i++;
                case '(', '[', '{' -> open++;
                case ')', ']', '}' -> open = Math.max(0, open - 1);
                case ',' -> {
                    if (open == 0) {
                        items.add(text.substring(start, i).strip());
                        start = i + 1;
                    }
                }
                default -> {
                    // a part of an item
                }
            }
        }
        items.add(text.substring(start).strip());
        return items;
    }
}
