package org.layerwise.generation.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
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

    /** Four times the length takes about four times as long, and would take 16 times if each group were a new start. */
    @Test
    void aRunOfThousandsIsNotReadToItsEndFromEachGroup() {
        long once = nanos(",111".repeat(1200) + "1");
        long fourTimes = nanos(",111".repeat(4800) + "1");
        assertThat(fourTimes).isLessThan(8 * once);
    }

    /** Returns the shortest of ten times for one text. */
    private static long nanos(String text) {
        return LongStream.range(0, 10)
                .map(again -> {
                    long start = System.nanoTime();
                    assertThat(new NumberAnswers().extract(text)).isPresent();
                    return System.nanoTime() - start;
                })
                .min()
                .orElseThrow();
    }
}
