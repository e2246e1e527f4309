package org.layerwise.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Edit distance of words. */
public final class Spelling {

    private Spelling() {}

    /**
     * Returns true if one word may be a misspelling of the other: the edit distance is at most a third of the longer
     * word's length.
     */
    public static boolean near(String from, String to) {
        return distance(from, to) <= Math.max(from.length(), to.length()) / 3;
    }

    /** Returns the known word that is nearest to a word; empty if none may be meant. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        return known.stream()
                .filter(other -> near(word, other))
                .min(Comparator.<String>comparingInt(other -> distance(word, other))
                        .thenComparing(other -> other));
    }

    /** Returns the minimum number of characters to insert, delete or replace (Levenshtein distance). */
    public static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
