package org.layerwise.data.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.data.Dataset;
import org.layerwise.data.Labels;
import org.layerwise.data.LongTexts;
import org.layerwise.testing.CancelledProgress;

/** The tokens of a row that is cut before it is tokenised are those of the whole row, whatever the tokenizer. */
class TextTruncationTest {

    // smaller than in use, so that texts are cut where more goes on
    private static final int MARGIN = 1 << 11;
    private static final int LENGTH = 12_000;
    private static final int SPECIAL = 3;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(TokenizerKind.class)
    void tokensAreThoseOfTheWholeText(TokenizerKind tokenizer) {
        TokenizerFile file = TokenizerFile.read(tokenizer.write(folder), null);
        int limit = 17;
        try (CancellableTokenizer unlimited = new CancellableTokenizer(file, null);
                CancellableTokenizer limited = new CancellableTokenizer(file, limit)) {
            TextTruncation cut = new TextTruncation(unlimited, limit, SPECIAL, null, MARGIN, Progress.none());
            for (LongTexts kind : LongTexts.values()) {
                for (int seed = 0; seed < 3; seed++) {
                    String text = kind.text(new Random(seed), LENGTH + 997 * seed);
                    String beginning = cut.cut(text);

                    assertThat(text).startsWith(beginning);
                    assertThat(tokens(limited, beginning))
                            .as("%s, %s, seed %d", tokenizer, kind, seed)
                            .isEqualTo(tokens(limited, text));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TokenizerKind.class)
    void tokensOfPairsAreThoseOfTheWholePair(TokenizerKind tokenizer) {
        TokenizerFile file = TokenizerFile.read(tokenizer.write(folder), null);
        for (int limit : new int[] {24, 25}) {
            Random random = new Random(limit);
            try (CancellableTokenizer unlimited = new CancellableTokenizer(file, null)) {
                TextTruncation cut = new TextTruncation(unlimited, limit, 0, null, MARGIN, Progress.none());
                for (int[] lengths : new int[][] {{12_000, 12_010}, {24_000, 11_000}, {13_000, 10}, {13_000, 5000}}) {
                    String one = LongTexts.WORDS.text(random, lengths[0]);
                    String other =
                            LongTexts.values()[random.nextInt(LongTexts.values().length)].text(random, lengths[1]);
                    for (String[] pair : new String[][] {{one, other}, {other, one}}) {
                        assertThat(longestFirst(unlimited, limit, cut.cut(pair[0], pair[1])))
                                .as("%s, %s tokens of %s and %s", tokenizer, limit, pair[0].length(), pair[1].length())
                                .isEqualTo(longestFirst(unlimited, limit, pair));
                    }
                }
            }
        }
    }

    /** The tokens that HuggingFace's strategy keeps of a pair; its own code makes a row of all that it leaves out. */
    private static List<String> longestFirst(CancellableTokenizer unlimited, int limit, String... pair) {
        long[] one = ids(unlimited, pair[0]);
        long[] other = ids(unlimited, pair[1]);
        int shorter = Math.min(one.length, other.length);
        int longer = shorter > limit ? shorter : Math.max(shorter, limit - shorter);
        if (shorter + longer > limit) {
            shorter = limit / 2;
            longer = shorter + limit % 2;
        }
        boolean swapped = one.length > other.length;
        return List.of(
                Arrays.toString(Arrays.copyOf(one, Math.min(one.length, swapped ? longer : shorter))),
                Arrays.toString(Arrays.copyOf(other, Math.min(other.length, swapped ? shorter : longer))));
    }

    @Test
    void longTextsAreCutToWhatIsNeeded() {
        TokenizerFile file = TokenizerFile.read(TokenizerKind.WORD_PIECE.write(folder), null);
        try (CancellableTokenizer unlimited = new CancellableTokenizer(file, null)) {
            TextTruncation cut = new TextTruncation(unlimited, 128, 2, null, TextTruncation.MARGIN, Progress.none());
            String text = LongTexts.WORDS.text(new Random(1), 100_000);

            assertThat(text).startsWith(cut.cut(text));
            assertThat(cut.cut(text).length()).isLessThan(20_000);
            assertThat(cut.cut(text, text + text))
                    .allSatisfy(part -> assertThat(part.length()).isLessThan(90_000));
            assertThat(cut.cut("short")).isEqualTo("short");
        }
    }

    @Test
    void nothingIsCutBeforeATokenThatIsKept() {
        TokenizerFile file = TokenizerFile.read(TokenizerKind.BYTE_LEVEL.write(folder), null);
        try (CancellableTokenizer unlimited = new CancellableTokenizer(file, null)) {
            TextTruncation cut = new TextTruncation(unlimited, 128, 2, "<mask>", MARGIN, Progress.none());
            String text = LongTexts.WORDS.text(new Random(1), 20_000);

            assertThat(cut.cut(text).length()).isLessThan(5_000);
            assertThat(cut.cut(text + "<mask>")).isEqualTo(text + "<mask>");
        }
    }

    @ParameterizedTest
    @EnumSource(TokenizerKind.class)
    void pairsOfLongTextsAreCutToAFewTokens(TokenizerKind tokenizer) {
        TokenizerFile file = TokenizerFile.read(tokenizer.write(folder), null);
        for (int limit : new int[] {5, 6}) {
            Random random = new Random(limit);
            try (CancellableTokenizer unlimited = new CancellableTokenizer(file, null)) {
                // as long as the texts of a real table, too short to be cut by their characters alone
                TextTruncation cut =
                        new TextTruncation(unlimited, limit, 0, null, TextTruncation.MARGIN, Progress.none());
                for (int[] lengths : new int[][] {{12_000, 12_010}, {6_000, 5_990}, {5_000, 12_000}}) {
                    String one = LongTexts.WORDS.text(random, lengths[0]);
                    String other = LongTexts.WORDS.text(random, lengths[1]);
                    for (String[] pair : new String[][] {{one, other}, {other, one}, {one, one}}) {
                        String[] beginnings = cut.cut(pair[0], pair[1]);
                        assertThat(beginnings)
                                .as("%s, %d tokens", tokenizer, limit)
                                .allSatisfy(text -> assertThat(text.length()).isLessThan(500));
                        assertThat(longestFirst(unlimited, limit, beginnings))
                                .as("%s, %d tokens of %s", tokenizer, limit, Arrays.toString(lengths))
                                .isEqualTo(longestFirst(unlimited, limit, pair));
                    }
                }
            }
        }
    }

    /** The native library makes an encoding of each piece of one text with each piece of the other. */
    @ParameterizedTest
    @CsvSource({"5, 500, 500", "16, 600, 600", "16, 12, 20000", "128, 5780, 5780", "128, 20000, 100", "6, 4, 4000"})
    void pairsOfManyTokensBecomeFewEncodings(int limit, int first, int second) {
        TokenizerFile file = TokenizerFile.read(TokenizerKind.WORD_PIECE.write(folder), null);
        Random random = new Random(limit);
        String[] pair = {LongTexts.IDEOGRAPHS.text(random, first), LongTexts.IDEOGRAPHS.text(random, second)};
        try (CancellableTokenizer unlimited = new CancellableTokenizer(file, null);
                CancellableTokenizer limited = new CancellableTokenizer(file, limit);
                HuggingFaceTokenizer counting = file.load(limit)) {
            TextTruncation cut =
                    new TextTruncation(unlimited, limit, SPECIAL, null, TextTruncation.MARGIN, Progress.none());
            String[] beginnings = cut.cut(pair[0], pair[1]);
            Encoding[] pieces =
                    counting.encode(beginnings[0], beginnings[1], true, true).getOverflowing();

            assertThat(pieces.length * (long) limit)
                    .isPositive()
                    .isLessThanOrEqualTo(cut.tokensInPieces(beginnings))
                    .isLessThan(1 << 16);
            assertThat(tokens(limited, beginnings)).isEqualTo(tokens(limited, pair));
        }
    }

    @Test
    void aTokenThatIsKeptStaysInAPair() {
        TokenizerFile file = TokenizerFile.read(TokenizerKind.BYTE_LEVEL.write(folder), null);
        try (CancellableTokenizer unlimited = new CancellableTokenizer(file, null)) {
            TextTruncation cut = new TextTruncation(unlimited, 16, 2, "<mask>", MARGIN, Progress.none());
            String text = LongTexts.WORDS.text(new Random(1), 2_000);

            assertThat(cut.cut(text, text + "<mask>")[1]).endsWith("<mask>");
            assertThat(cut.cut(text, text + "<mask>")[0].length()).isLessThan(500);
        }
    }

    /** A word that nothing parts holds the native library for most of a minute, and it hears no interrupt. */
    @Test
    void cancelsWithinALongWord() {
        String word = "a".repeat(12 << 20);
        AtomicBoolean cancelled = new AtomicBoolean();
        AtomicLong asked = new AtomicLong();
        Progress progress = new Progress() {
            @Override
            public void report(double fraction, String message) {
                // only the questions matter
            }

            @Override
            public boolean cancelled() {
                asked.incrementAndGet();
                return cancelled.get();
            }
        };
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(TokenizerKind.WORD_PIECE.write(folder))) {
            // asked again while one call runs, else the word is through before anybody asks a tenth time
            CompletableFuture<Void> work =
                    CompletableFuture.runAsync(() -> tokenizer.encode(data(List.of(word)), 128, 512, progress));
            while (asked.get() < 10 && !work.isDone()) {
                Thread.onSpinWait();
            }
            assertThat(work).isNotDone();
            cancelled.set(true);
            assertThatThrownBy(work::join).hasCauseInstanceOf(CancelledException.class);

            cancelled.set(false);
            assertThat(tokenizer.encode(data(List.of("a")), 128, 512, progress).size())
                    .as("the tokenizer is loaded anew")
                    .isEqualTo(1);
        }
    }

    @Test
    void cancelsBetweenLongRows() {
        String text = LongTexts.WORDS.text(new Random(1), 100_000);
        AtomicInteger asked = new AtomicInteger();
        Progress cancelled = CancelledProgress.when(() -> asked.incrementAndGet() > 3);
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(TokenizerKind.WORD_PIECE.write(folder))) {
            assertThatThrownBy(() -> tokenizer.encode(data(Collections.nCopies(50, text)), 128, 512, cancelled))
                    .isInstanceOf(CancelledException.class);
        }
        assertThat(asked).hasValue(4);
    }

    private static long[] ids(CancellableTokenizer tokenizer, String text) {
        return tokenizer.encode(new String[] {text}, false, Progress.none()).getIds();
    }

    /** Ids and types of the tokens that are kept of a row of one or two texts, and whether some are not. */
    private static String tokens(CancellableTokenizer limited, String... texts) {
        Encoding row = limited.encode(texts, true, Progress.none());
        return Arrays.toString(row.getIds()) + Arrays.toString(row.getTypeIds()) + row.exceedMaxLength();
    }

    private static Dataset data(List<String> texts) {
        return Dataset.ofTexts("t", "t.csv", List.of("text"), texts, null, new Labels.None());
    }
}
