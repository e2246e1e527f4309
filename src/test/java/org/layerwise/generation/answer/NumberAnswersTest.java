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
        #### 3\\nQuestion: and now? #### 9              | 3       | MARKER
        so he pays\\n#### $1,250.50                     | $1,250.50 | MARKER
        #### -4 degrees                                 | -4      | MARKER
        #### none, but \\boxed{8}                       | 8       | BOXED
        \\boxed{3} and then \\boxed{\\frac{1}{2}} of 7  | \\frac{1}{2} | BOXED
        it is \\boxed{60\\text{ dollars}}.              | 60\\text{ dollars} | BOXED
        first \\boxed{5}, then \\boxed{6                | 5       | BOXED
        the answer is 4. The answer is: 40 kg of 2 sorts | 40     | PHRASE
        The final answer is $\\$18$. I hope it is right 100 | $18  | PHRASE
        The answer is: 1/2                              | 1/2     | PHRASE
        10-3 leaves 7, in 2 days: 20-6                  | 6       | LAST_NUMBER
        Altogether 1,200, and -3                        | -3      | LAST_NUMBER
        It costs 12,000.                                | 12,000  | LAST_NUMBER
        ####1,234                                       | 1234    | MARKER
        #### 1 1/2 hours                                | 3/2     | MARKER
        #### 12 13                                      | 12      | MARKER
        #### 50%.                                       | 50      | MARKER
        The answer is: $5.00                            | 5       | PHRASE
        The answer is: -7.                              | -7      | PHRASE
        The answer is **42**.                           | 42      | PHRASE
        The answer is: 42\\n\\nThe answer is             | 42      | PHRASE
        \\boxed{1,000} or rather \\boxed{$2,000.00}     | 2000    | BOXED
        \\boxed{-\\frac{3}{4}}                          | -0.75   | BOXED
        \\boxed{25\\%}                                  | 25      | BOXED
        They ran 2 1/2 miles                            | 2.5     | LAST_NUMBER
        It is $.50                                      | 0.5     | LAST_NUMBER
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
            value = {"I do not know", "''", "The answer is: none", "\\boxed{x}", "1/0"})
    void areNoneWhereThereIsNoNumber(String text) {
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
