package org.layerwise.generation.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts of a megabyte that repeat what answers begin with: each takes no longer than it takes to read. */
@Timeout(20)
class HostileAnswersTest {

    private static final int MANY = 200_000;
    private static final List<Answers> ALL = List.of(new MathAnswers(), new NumberAnswers(), new LetterAnswers());

    static Stream<String> texts() {
        return Stream.of(
                "\\boxed{".repeat(MANY),
                "\\boxed{".repeat(MANY) + "}".repeat(MANY),
                "\\boxed{1".repeat(MANY) + "}".repeat(MANY / 2),
                "\\boxed{ }".repeat(MANY),
                "The answer is ".repeat(MANY),
                "The answer is .\n".repeat(MANY),
                "The answer is 1".repeat(MANY),
                "####".repeat(MANY),
                "#### " + "1".repeat(MANY),
                "#### " + " ".repeat(MANY) + "x",
                "The answer is 5" + " ".repeat(MANY) + "x",
                "\\boxed{5" + " ".repeat(MANY) + "x}",
                "answer" + " ".repeat(MANY) + "x",
                "1" + ",111".repeat(MANY) + "1",
                "1 111".repeat(MANY),
                "1/".repeat(MANY),
                "1.2:".repeat(MANY),
                "1 and ".repeat(MANY),
                "2^".repeat(MANY),
                "1e1".repeat(MANY),
                "\\frac{".repeat(MANY),
                "\\frac{{".repeat(MANY),
                "\\frac{" + "{}".repeat(MANY) + "}x",
                "\\boxed{\\frac{" + "a{}".repeat(600) + "}x}");
    }

    @ParameterizedTest
    @MethodSource("texts")
    void endSoon(String text) {
        for (Answers answers : ALL) {
            answers.extract(text).ifPresent(found -> assertThat(answers.same(found.answer(), "1"))
                    .isIn(true, false));
            answers.gold(text)
                    .ifPresent(gold -> assertThat(answers.same(gold, gold)).isTrue());
        }
        assertThat(GeneratedCode.of("def f(x):\n" + text, null)).isNotNull();
        assertThat(GeneratedCode.of(text + "\ndef f(x):\n", "f")).isNotNull();
    }

    @Test
    void theLastAnswerIsStillFound() {
        String math = "\\boxed{".repeat(MANY) + "\\boxed{\\frac{1}{2}} \\boxed{} \\boxed{open";
        assertThat(new MathAnswers().extract(math)).map(ExtractedAnswer::answer).contains("\\frac{1}{2}");
        String phrase = "The answer is 7. ".repeat(MANY) + "The answer is 8. The answer is .";
        assertThat(new MathAnswers().extract(phrase))
                .map(ExtractedAnswer::answer)
                .contains("8");
        assertThat(BoxedAnswer.last("} { \\boxed{a{b}\\}c} }")).contains("a{b}\\}c");
        assertThat(BoxedAnswer.last("\\\\boxed{x} \\fbox 5")).contains("5");
    }

    /** Four times the length is about four times the work, and would be 16 times if each group were a new start. */
    @Test
    void aRunOfThousandsIsNotReadToItsEndFromEachGroup() {
        assertThat(charactersRead(4800)).isLessThan(8 * charactersRead(1200));
    }

    /** Returns how often a search for all numbers in a run of thousands reads a character. */
    private static long charactersRead(int groups) {
        LongAdder reads = new LongAdder();
        Matcher numbers = NumbersInText.search(new Counted(",111".repeat(groups) + "1", reads));
        while (numbers.find()) {
            assertThat(numbers.group()).contains("111");
        }
        return reads.sum();
    }

    /** A text that counts how often a character is read. */
    private record Counted(String text, LongAdder reads) implements CharSequence {

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            reads.increment();
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }
    }
}
