package org.layerwise.generation.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberAnswersTest {

    private final NumberAnswers answers = new NumberAnswers();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
        7 apples and 5 pears are 12. #### 12            | 12      | MARKER
        so #### 3\\nQuestion: and now? #### 9           | 3       | MARKER
        so he pays\\n#### $1,250.50                     | $1,250.50 | MARKER
        so #### -4 degrees                              | -4      | MARKER
        so #### none\\n but \\boxed{8}                 | 8       | BOXED
        \\boxed{3} and then \\boxed{\\frac{1}{2}} of 7  | \\frac{1}{2} | BOXED
        it is \\boxed{60\\text{ dollars}}.              | 60\\text{ dollars} | BOXED
        first \\boxed{5}, then \\boxed{6                | 5       | BOXED
        the answer is 4. The answer is: 40 kg of 2 sorts | 40     | PHRASE
        The final answer is $\\$18$. I hope it is right 100 | $18  | PHRASE
        The answer is: 1/2                              | 1/2     | PHRASE
        10-3 leaves 7, in 2 days: 20-6                  | 6       | LAST_NUMBER
        Altogether 1,200, and -3                        | -3      | LAST_NUMBER
        It costs 12,000.                                | 12,000  | LAST_NUMBER
        so ####1,234                                    | 1234    | MARKER
        so #### 1 1/2 hours                             | 3/2     | MARKER
        so #### 12 13                                   | 12      | MARKER
        so #### 50%.                                    | 50      | MARKER
        The answer is: $5.00                            | 5       | PHRASE
        The answer is: -7.                              | -7      | PHRASE
        The answer is **42**.                           | 42      | PHRASE
        The answer is: 42\\n\\nThe answer is             | 42      | PHRASE
        \\boxed{1,000} or rather \\boxed{$2,000.00}     | 2000    | BOXED
        \\boxed{-\\frac{3}{4}}                          | -0.75   | BOXED
        \\boxed{25\\%}                                  | 25      | BOXED
        They ran 2 1/2 miles                            | 2.5     | LAST_NUMBER
        It is $.50                                      | 0.5     | LAST_NUMBER
        So it is 1/2.                                   | 0.5     | LAST_NUMBER
        The answer is **1/2.**                          | 0.5     | PHRASE
        so #### 3/4!                                    | 0.75    | MARKER
        Half of 3 is 1 / 2.5.                           | 0.4     | LAST_NUMBER
        so #### 2 1/2.                                  | 2.5     | MARKER
        She ran 1,000 1/2 miles.                        | 1000.5  | LAST_NUMBER
        Take 2\\frac{1}{2} cups.                         | 2.5     | LAST_NUMBER
        The answer is $\\frac{1}{2}$ of 8 cups           | 0.5     | PHRASE
        The answer is \\dfrac12 cup                      | 0.5     | PHRASE
        The answer is 1.5e3.                            | 1500    | PHRASE
        It weighs 1.5E-3, roughly.                      | 0.0015  | LAST_NUMBER
        It weighs 1.5 x 10^3.                           | 1500    | LAST_NUMBER
        It weighs $1.5 \\times 10^{-3}$ g.              | 0.0015  | LAST_NUMBER
        \\boxed{-2 \\cdot 10^{4}}                        | -20000  | BOXED
        about 6.02\u00d710\u00b2\u00b3 atoms               | 602000000000000000000000 | LAST_NUMBER
        or 10\u207b\u00b2.                               | 0.01    | LAST_NUMBER
        The area is 25 cm^2.                            | 25      | LAST_NUMBER
        The area is 25 cm\u00b2.                         | 25      | LAST_NUMBER
        The answer is -\\$5 each                         | -5      | PHRASE
        It falls by -\u20ac5.                           | -5      | LAST_NUMBER
        The answer is \u20137.                          | -7      | PHRASE
        The answer is \uff0d7 degrees                   | -7      | PHRASE
        The answer is \u22121/2.                        | -0.5    | PHRASE
        The answer is -\u00bd cup                       | -0.5    | PHRASE
        The answer is 1\u00bd cups                      | 1.5     | PHRASE
        The answer is 10{,}000 dollars                  | 10000   | PHRASE
        It grows by 12.5%.                              | 12.5    | LAST_NUMBER
        well...10                                       | 10      | LAST_NUMBER
        \\boxed 1,250.5 and more                        | 1250.5  | BOXED
        """)
    void areFoundInTheUsualPlaces(String text, String answer, AnswerPattern found) {
        assertThat(answers.extract(lines(text))).isPresent().get().satisfies(extracted -> {
            assertThat(extracted.found()).isEqualTo(found);
            assertThat(answers.same(extracted.answer(), answer)).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"I do not know", "''", "The answer is: none", "\\boxed{x}", "1/0", "1e999999999"})
    void areNoneWhereThereIsNoNumber(String text) {
        assertThat(answers.extract(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The answer is 2^10 of 5",
                "The answer is 2\u00b3.",
                "\\boxed{\\sqrt{16}}",
                "\\boxed{\\frac{\\sqrt{3}}{2}}",
                "\\boxed{5\\pi}",
                "#### 1,5",
                "#### 1.234,56",
                "#### 1,00,000",
                "#### 10 000",
                "#### 1.5 1/2",
                "The answer is 2 and 1/2 hours",
                "The answer is 2-1/2 cups",
                "It starts at 12:30.",
                "On 12/25/2023",
                "The answer is 1/0 of 3",
                "Version 3.5.2",
                "#### 3/-4"
            })
    void areNeverAPartOfALongerNumber(String text) {
        assertThat(answers.extract(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
        42        | 42.0
        42.       | 42
        1,234     | 1234
        $5        | 5
        -$5       | $-5
        50%       | 50
        0.5       | 1/2
        2/4       | \\frac12
        .25       | 1/4
        007       | 7
        1,000,000 | 1000000.00
        \u22123   | -3
        10000000000000000000001 | 10000000000000000000001.0
        0.1       | \\frac{1}{10}
        1 1/2.    | 1.5
        1,500     | 1.5 \\times 10^3
        """)
    void compareByTheirExactValue(String one, String other) {
        assertThat(answers.same(one, other)).isTrue();
        assertThat(answers.same(other, one)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
        42      | 43
        5       | -5
        0.333   | 1/3
        1/0     | 1/0
        ten     | ten
        10000000000000000000001 | 10000000000000000000000
        5.5     | 1 1/2
        12      | 1 2
        0.1     | 0.1000000000000000055511151231257827
        """)
    void differWhereTheValueDiffers(String one, String other) {
        assertThat(answers.same(one, other)).isFalse();
    }

    @Test
    void ofTheDataAreTakenFromTheirMark() {
        assertThat(answers.gold("She has 3 + 4 = <<3+4=7>>7.\n#### 7")).contains("7");
        assertThat(answers.gold("3 + 4 = 7\n#### 7\nThe answer is: 7")).contains("7");
        assertThat(answers.gold("1,080")).contains("1,080");
        assertThat(answers.gold("She has 3 + 4 = 7 of them.")).isEmpty();
    }

    @Test
    void longRunsOfDigitsAreNoNumbers() {
        assertThat(answers.extract("9".repeat(100_000))).isEmpty();
    }

    private static String lines(String text) {
        return text.replace("\\n", "\n");
    }
}
