package org.layerwise.base.setting;

import java.util.ArrayList;
import java.util.List;

/** Splits names or regular expressions that people write in one line with commas between. */
public final class CommaList {

    private CommaList() {}

    /**
     * Returns the items without surrounding white space. Empty items are kept. A comma inside brackets of any kind, or
     * after a backslash, belongs to its item: {@code .*\.layer\.\d{1,2}\.query}.
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
                    // another character of an item
                }
            }
        }
        items.add(text.substring(start).strip());
        return items;
    }
}
