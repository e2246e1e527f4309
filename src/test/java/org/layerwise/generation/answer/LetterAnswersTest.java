package org.layerwise.generation.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LetterAnswersTest {

    private final LetterAnswers answers = new LetterAnswers();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
        B                              | B
        ' C '                          | C
        D. iron                        | D
        (A) iron                       | A
        B: because                     | B
        The answer is C.               | C
        Look closely. The answer is B  | B
        The correct answer is option D | D
        The answer is (E), of course   | E
        Answer: C                      | C
        option B. iron                 | B
        **B**                          | B
        The answer is **(C)** iron.    | C
        It is iron, \\boxed{\\text{D}}  | D
        """)
    void areReadAsLlavaReadsThem(String text, String letter) {
        assertThat(answers.extract(text)).contains(new ExtractedAnswer(letter, AnswerPattern.LETTER));
        assertThat(answers.same(letter, letter)).isTrue();
        assertThat(answers.same(letter, letter.equals("B") ? "A" : "B")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "iron",
                "A dog is seen",
                "BC",
                "The answer is iron",
                "I think so.",
                "b",
                "Answer a question",
                "Options A and B",
                "\\boxed{iron}"
            })
    void areNoneInOtherTexts(String text) {
        assertThat(answers.extract(text)).isEmpty();
    }
}
