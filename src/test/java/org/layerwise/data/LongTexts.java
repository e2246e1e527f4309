package org.layerwise.data;

import java.util.Random;

/** Kinds of long texts, each with something that tokenizers decide by what follows far behind. */
public enum LongTexts {
    WORDS("abcdefghij", 7, " \n"),
    ONE_WORD("ab", Integer.MAX_VALUE, ""),
    DIGITS("0123456789", Integer.MAX_VALUE, ""),
    NUMBERS("0123456789", 2500, " ,"),
    IDEOGRAPHS("\u65e5\u672c\u8a9e\u4e2d\u6587", 300, "\u3002\uff0c"),
    MARKS("e\u0301\u0323a\u0308", 9, " "),
    ASTRAL("\ud83d\ude00\ud83d\ude01\ud835\udc00", 500, " ") {
        @Override
        public String text(Random random, int length) {
            StringBuilder text = new StringBuilder();
            while (text.length() < length) {
                text.append(random.nextInt(9) == 0 ? " " : random.nextInt(3) == 0 ? "\ud835\udc00" : "\ud83d\ude00");
            }
            return text.toString();
        }
    },
    BLANKS_BEFORE_A_TOKEN("", 0, "") {
        @Override
        public String text(Random random, int length) {
            return "a few words" + " ".repeat(length / 2) + "<mask>" + WORDS.text(random, length / 2);
        }
    },
    WORDS_THEN_BLANKS("", 0, "") {
        @Override
        public String text(Random random, int length) {
            return WORDS.text(random, 400) + " ".repeat(length) + "<mask> end";
        }
    },
    BLANKS_AT_THE_END("", 0, "") {
        @Override
        public String text(Random random, int length) {
            return WORDS.text(random, 100) + "\n ".repeat(length / 2);
        }
    },
    RUNS("", 0, "") {
        @Override
        public String text(Random random, int length) {
            StringBuilder text = new StringBuilder();
            String[] characters = {"a", "ab", "1", " ", "\n", ".", "\u65e5", "e\u0301", "<mask>", "'s", "A"};
            while (text.length() < length) {
                int most = random.nextInt(6) == 0 ? 3000 : 40;
                text.append(characters[random.nextInt(characters.length)].repeat(1 + random.nextInt(most)));
            }
            return text.toString();
        }
    };

    private final String letters;
    private final int longestWord;
    private final String between;

    LongTexts(String letters, int longestWord, String between) {
        this.letters = letters;
        this.longestWord = longestWord;
        this.between = between;
    }

    /** A text of at least so many {@code char}s. */
    public String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            int word = 1 + random.nextInt(Math.min(longestWord, length));
            for (int i = 0; i < (longestWord > length ? length : word); i++) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            if (!between.isEmpty()) {
                text.append(between.charAt(random.nextInt(between.length())));
            }
        }
        return text.toString();
    }
}
