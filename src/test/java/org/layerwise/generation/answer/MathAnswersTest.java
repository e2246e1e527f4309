package org.layerwise.generation.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MathAnswersTest {

    private final MathAnswers answers = new MathAnswers();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
        \\dfrac{1}{2}           | \\frac{1}{2}
        \\tfrac12               | \\frac{1}{2}
        \\frac1{72}             | \\frac{1}{72}
        \\frac{72}1             | 72
        \\frac{x}3              | \\frac{x}{3}
        0.5                     | \\frac{1}{2}
        .5                      | 0.5
        3/4                     | \\frac{3}{4}
        -\\frac{3}{4}           | \\frac{-3}{4}
        \\frac{2}{4}            | 0.50
        1\\frac{1}{2}           | 1.5
        \\left( 3, 4 \\right)   | (3,4)
        \\big[0,1\\big)         | [0,1)
        90^\\circ               | 90
        90^{\\circ}             | 90
        \\$12.50                | 12.5
        $x+1$                   | x+1
        25\\%                   | 25
        5 \\text{ cm}^2         | 5
        12\\mbox{ inches}       | 12
        x = 7                   | 7
        \\sqrt3                 | \\sqrt{3}
        2\\sqrt2                | 2 \\sqrt{2}
        10,\\!000               | 10000
        10{,}000                | 10,000
        \\text{Tuesday}         | Tuesday
        \\textbf{(B)}           | (B)
        2\\pi.                  | 2 \\pi
        \\{1, 2\\}              | \\{1,2\\}
        1 1/2                   | 1\\frac12
        1 1/2                   | 1.5
        1 1/2.                  | 1.5
        1.5 \\times 10^{-3}      | 0.0015
        \u22123.5e2                | -350
        x\u00b2                    | x^{2}
        5\\text{cm}             | 5
        5\\,\\mathrm{kg}        | 5
        \\frac{\\sqrt2}3         | \\frac{\\sqrt{2}}{3}
        2^{x}                   | 2^x
        a_{1}                   | a_1
        \\text{(A)}             | A
        -7.0                    | -7
        1{,}234.50              | 1,234.5
        \\\\frac{1}{2}            | 0.5
        \\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix} | \\begin{pmatrix}1\\\\2\\end{pmatrix}
        """)
    void areTheSameAfterMathsNormalisation(String one, String other) {
        assertThat(answers.same(one, other)).isTrue();
        assertThat(answers.same(other, one)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
        \\frac{1}{2}  | \\frac{1}{3}
        (3,4)         | (4,3)
        1,2           | 12
        x             | y
        x+y=3         | 3
        \\sqrt{2}     | 1.41421356
        0.33          | \\frac{1}{3}
        \\frac{1}{0}  | \\frac{2}{0}
        [0,1)         | (0,1)
        \\leftarrow   | arrow
        50            | 0.5
        1 2           | 3
        1 1/2         | 5.5
        3\\text{ and }4 | 3\\text{ and }5
        3\\text{ or }4  | 3
        2^{10}        | 2^1 0
        (A)           | B
        \\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix} | \\begin{pmatrix} 12 \\end{pmatrix}
        """)
    void differOtherwise(String one, String other) {
        assertThat(answers.same(one, other)).isFalse();
    }

    @Test
    void areInTheLastClosedBox() {
        assertThat(answers.extract("so \\boxed{3}, no, \\boxed{\\frac{\\sqrt{2}}{3}}.")
                        .orElseThrow())
                .isEqualTo(new ExtractedAnswer("\\frac{\\sqrt{2}}{3}", AnswerPattern.BOXED));
        assertThat(answers.extract("\\boxed{\\left\\{ 1, 2 \\right.} and \\boxed{4")
                        .orElseThrow())
                .isEqualTo(new ExtractedAnswer("\\left\\{ 1, 2 \\right.", AnswerPattern.BOXED));
        assertThat(answers.extract("$\\fbox{5}$ and $\\boxed 6$").orElseThrow())
                .isEqualTo(new ExtractedAnswer("6", AnswerPattern.BOXED));
        assertThat(answers.extract("\\boxed{x} is \\boxed7, thus \\boxed{ }").orElseThrow())
                .isEqualTo(new ExtractedAnswer("7", AnswerPattern.BOXED));
        assertThat(answers.extract("\\boxedtext{3}")).isEmpty();
    }

    @Test
    void areElseWhatFollowsTheUsualWords() {
        assertThat(answers.extract("The answer is: x^2.\nThe answer is: $\\frac{1}{2}$.\nMore")
                        .orElseThrow())
                .isEqualTo(new ExtractedAnswer("$\\frac{1}{2}$", AnswerPattern.PHRASE));
        assertThat(answers.extract("the final answer is 2.5.").orElseThrow())
                .isEqualTo(new ExtractedAnswer("2.5", AnswerPattern.PHRASE));
        assertThat(answers.extract("therefore x is 7")).isEmpty();
        assertThat(answers.extract("The answer is: 3.\nThe answer is").orElseThrow())
                .as("cut off")
                .isEqualTo(new ExtractedAnswer("3", AnswerPattern.PHRASE));
    }

    @Test
    void ofTheDataAreInTheirBoxOrAlone() {
        assertThat(answers.gold("We find $2x = 6$, so $x = \\boxed{3}$.")).contains("3");
        assertThat(answers.gold(" \\frac{3}{4} ")).contains("\\frac{3}{4}");
        assertThat(answers.gold("We find that\nx is 3.")).isEmpty();
        assertThat(answers.gold(" ")).isEmpty();
    }
}
