package org.layerwise.data.sample;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Groups of texts that must not be split between the parts of a data set, because one text would reveal the answer for
 * another: declared pairs, and texts of at least {@value #LEAST_WORDS} words that differ by at most one word (replaced,
 * added or left out). Groups are transitive (union-find).
 */
final class NearDuplicates {

    /** Minimum number of words: shorter texts may differ by one word without being copies. */
    private static final int LEAST_WORDS = 4;

    private static final Pattern ACCENTS = Pattern.compile("\\p{Mn}+");
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cf}\\p{Co}\\p{Cn}\\x00\\uFFFD]|(?!\\s)\\p{Cc}");
    private static final Pattern PUNCTUATION = Pattern.compile("[\\p{P}$+<=>^`|~]");
    private static final Pattern NO_WORD = Pattern.compile("[\\p{P}\\p{S}\\s]+");
    private static final Pattern SPACES = Pattern.compile("[\\p{Z}\\s]+");

    private final Map<String, String> parents = new HashMap<>();

    /**
     * Returns the text as an uncased BERT's tokenizer normalises it before it splits words into pieces: lower case, no
     * accents, spaces around punctuation (transformers, {@code BasicTokenizer}). Texts with the same form give the same
     * tokens.
     */
    static String uncased(String text) {
        String plain = UNSEEN.matcher(text).replaceAll("");
        String lower = ACCENTS.matcher(Normalizer.normalize(plain, Normalizer.Form.NFD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        String apart = PUNCTUATION.matcher(lower).replaceAll(" $0 ");
        return SPACES.matcher(apart).replaceAll(" ").strip();
    }

    /** Puts two texts into one group. */
    void join(String one, String other) {
        joinRoots(add(one), add(other));
    }

    /**
     * Puts a text into the group of its near copies.
     *
     * @return the name of the group, valid until the next join
     */
    String add(String text) {
        String form = uncased(text);
        if (!parents.containsKey(form)) {
            parents.put(form, form);
            // texts that differ by one word have a signature in common
            signatures(form).forEach(signature -> {
                parents.putIfAbsent(signature, signature);
                joinRoots(form, signature);
            });
        }
        return root(form);
    }

    private static List<String> signatures(String form) {
        List<String> words =
                List.of(NO_WORD.matcher(form).replaceAll(" ").strip().split(" "));
        List<String> signatures = new ArrayList<>();
        signatures.add("\n" + String.join(" ", words));
        for (int left = 0; words.size() >= LEAST_WORDS && left < words.size(); left++) {
            List<String> others = new ArrayList<>(words);
            others.remove(left);
            signatures.add("\n" + String.join(" ", others));
        }
        return signatures;
    }

    private void joinRoots(String one, String other) {
        parents.put(root(other), root(one));
    }

    private String parent(String text) {
        return Objects.requireNonNull(parents.get(text));
    }

    private String root(String text) {
        String root = text;
        for (String above = parent(root); !above.equals(root); above = parent(root)) {
            root = above;
        }
        String next = text;
        while (!next.equals(root)) {
            next = parents.put(next, root);
        }
        return root;
    }
}
