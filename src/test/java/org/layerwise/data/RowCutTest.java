package org.layerwise.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;

/** The tokens of a row that is cut before it is tokenised are those of the whole row, whatever the tokenizer. */
class RowCutTest {

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
        try (HuggingFaceTokenizer unlimited = file.load(null);
                HuggingFaceTokenizer limited = file.load(limit)) {
            RowCut cut = new RowCut(unlimited, limit, SPECIAL, null, MARGIN, Progress.none());
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
            try (HuggingFaceTokenizer unlimited = file.load(null)) {
                RowCut cut = new RowCut(unlimited, limit, 0, null, MARGIN, Progress.none());
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
    private static List<String> longestFirst(HuggingFaceTokenizer unlimited, int limit, String... pair) {
        long[] one = unlimited.encode(pair[0], false, false).getIds();
        long[] other = unlimited.encode(pair[1], false, false).getIds();
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
        try (HuggingFaceTokenizer unlimited = file.load(null)) {
            RowCut cut = new RowCut(unlimited, 128, 2, null, RowCut.MARGIN, Progress.none());
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
        try (HuggingFaceTokenizer unlimited = file.load(null)) {
            RowCut cut = new RowCut(unlimited, 128, 2, "<mask>", MARGIN, Progress.none());
            String text = LongTexts.WORDS.text(new Random(1), 20_000);

            assertThat(cut.cut(text).length()).isLessThan(5_000);
            assertThat(cut.cut(text + "<mask>")).isEqualTo(text + "<mask>");
        }
    }

    @Test
    void cancelsBetweenLongRows() {
        String text = LongTexts.WORDS.text(new Random(1), 100_000);
        AtomicInteger asked = new AtomicInteger();
        Progress cancelled = new Progress() {
            @Override
            public void report(double fraction, String message) {
                // counted are the questions
            }

            @Override
            public boolean cancelled() {
                return asked.incrementAndGet() > 3;
            }
        };
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(TokenizerKind.WORD_PIECE.write(folder))) {
            assertThatThrownBy(() -> tokenizer.encode(data(Collections.nCopies(50, text)), 128, 512, cancelled))
                    .isInstanceOf(CancelledException.class);
        }
        assertThat(asked).hasValue(4);
    }

    /** Ids and types of the tokens that are kept of a row of one or two texts, and whether some are not. */
    private static String tokens(HuggingFaceTokenizer limited, String... texts) {
        Encoding row = TextTokenizer.encode(limited, Collections.singletonList(texts), true)[0];
        return Arrays.toString(row.getIds()) + Arrays.toString(row.getTypeIds()) + row.exceedMaxLength();
    }

    private static Dataset data(List<String> texts) {
        return Dataset.ofTexts("t", "t.csv", List.of("text"), texts, null, new Labels.None());
    }
}
